"""The state machines: diagrams are current, every edge names actor and clause, the database refuses all other edges."""

import pytest
from django.core.management import call_command
from django.db import connection

from platform_site.kit.fsm import edges, initial_state, stateful_models


def test_the_diagrams_in_docs_are_current() -> None:
    call_command("draw_states", "--check")


@pytest.mark.parametrize("model", stateful_models(), ids=lambda model: model._meta.label_lower)
def test_every_edge_names_its_actor_and_clause_and_every_state_has_a_chinese_name(model: type) -> None:
    names = dict(model._meta.get_field("state").choices or [])
    states = {initial_state(model)} | {end for edge in edges(model) for end in (edge.source, edge.target)}
    assert states == set(names)
    assert [edge for edge in edges(model) if not edge.actor or not edge.clause] == []


@pytest.mark.parametrize("model", stateful_models(), ids=lambda model: model._meta.label_lower)
def test_every_state_but_the_first_can_be_reached(model: type) -> None:
    reached, arrows = {initial_state(model)}, edges(model)
    for _ in arrows:
        reached |= {edge.target for edge in arrows if edge.source in reached}
    assert reached == {initial_state(model)} | {edge.target for edge in arrows}


@pytest.mark.django_db
@pytest.mark.parametrize("model", stateful_models(), ids=lambda model: model._meta.label_lower)
def test_the_database_knows_exactly_the_edges_of_the_code(model: type) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT source, target FROM kit_state_edge WHERE tbl = %s", [model._meta.db_table])
        stored = set(cursor.fetchall())
        cursor.execute(
            "SELECT count(*) FROM pg_trigger WHERE tgname = 'kit_legal_state' AND tgrelid = %s::regclass",
            [model._meta.db_table],
        )
        triggers = cursor.fetchone()[0]
    assert stored == {("", initial_state(model))} | {(edge.source, edge.target) for edge in edges(model)}
    assert triggers == 1
