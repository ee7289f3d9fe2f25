"""The database's own guards: illegal state edges and changes of append-only rows are refused by triggers.

Made anew after every migration from the transition tables, so that code and database cannot drift apart.
"""

from typing import Any

from django.db import connection

from platform_site.kit.fsm import edges, initial_state, stateful_models
from platform_site.kit.ledger import append_only_models

FUNCTIONS = """
CREATE TABLE IF NOT EXISTS kit_state_edge (
    tbl text NOT NULL, source text NOT NULL, target text NOT NULL, PRIMARY KEY (tbl, source, target));
CREATE OR REPLACE FUNCTION kit_check_state() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE was text := CASE WHEN TG_OP = 'INSERT' THEN '' ELSE OLD.state END;
BEGIN
    IF was IS DISTINCT FROM NEW.state AND NOT EXISTS (
        SELECT 1 FROM kit_state_edge e WHERE e.tbl = TG_TABLE_NAME AND e.source = was AND e.target = NEW.state)
    THEN RAISE EXCEPTION 'illegal state edge of %: % -> %', TG_TABLE_NAME, was, NEW.state
        USING ERRCODE = 'check_violation', CONSTRAINT = 'legal_state_edge';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION kit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'check_violation', CONSTRAINT = 'append_only';
END $$;
"""


def install_guards(**_: Any) -> None:
    """Bring functions, edge table and triggers up to date (post_migrate)."""
    existing = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        cursor.execute(FUNCTIONS)
        cursor.execute("DELETE FROM kit_state_edge")
        for model in stateful_models():
            if model._meta.db_table in existing:
                _guard_states(cursor, model)
        for table in sorted({m._meta.db_table for m in append_only_models()} & existing):
            _trigger(cursor, table, "kit_append_only", "BEFORE UPDATE OR DELETE", "kit_refuse_change")
            _trigger(cursor, table, "kit_never_emptied", "BEFORE TRUNCATE", "kit_refuse_change", each="STATEMENT")


def _guard_states(cursor: Any, model: Any) -> None:
    table = model._meta.db_table
    arrows = {("", initial_state(model))} | {(edge.source, edge.target) for edge in edges(model)}
    cursor.executemany(
        "INSERT INTO kit_state_edge VALUES (%s, %s, %s)", [(table, source, target) for source, target in sorted(arrows)]
    )
    _trigger(cursor, table, "kit_legal_state", "BEFORE INSERT OR UPDATE OF state", "kit_check_state")


def _trigger(cursor: Any, table: str, name: str, when: str, function: str, each: str = "ROW") -> None:
    cursor.execute(
        f'CREATE OR REPLACE TRIGGER {name} {when} ON "{table}" FOR EACH {each} EXECUTE FUNCTION {function}()'
    )
