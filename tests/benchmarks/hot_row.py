"""The peer of the allocator: one call per application that locks the balances, checks and writes the same rows.

A PL/pgSQL function, so one round trip and one commit per application; it is run by several connections at once. It
locks what the numbers and amounts hang on (cursor, then balances by name), so it neither oversells nor skips a number.
What it cannot give is the order of arrival: row locks are not first come first served.
"""

import multiprocessing
import time
from collections.abc import Sequence
from typing import Any

from django.db import connection, connections
from psycopg2 import connect

FUNCTION = """
CREATE OR REPLACE FUNCTION hot_row(the_event bigint, the_period bigint, cap numeric, due timestamptz)
RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    place vouchers_quotacursor; held vouchers_voucher; budget text; supplier text; class int;
    used numeric; wanted numeric; budget_left numeric; supplier_left numeric; budget_before numeric;
    supplier_before numeric; said text; happened text; came timestamptz; state_now text; moment timestamptz;
BEGIN
    SELECT * INTO place FROM vouchers_quotacursor WHERE period_id = the_period FOR NO KEY UPDATE;
    SELECT v.* INTO held FROM vouchers_voucher v JOIN vouchers_quotaevent e ON e.voucher_id = v.id
        WHERE e.id = the_event AND v.state = 'arrived' FOR NO KEY UPDATE OF v;
    IF NOT FOUND THEN RETURN 'nothing'; END IF;
    moment := clock_timestamp();
    budget := 'city:' || held.city_id;
    supplier := 'supplier:' || held.quota_supplier_id;
    class := CASE WHEN held.pilot_id IS NULL THEN 1 ELSE 0 END;
    SELECT arrived_at INTO came FROM vouchers_quotaevent WHERE id = the_event;
    PERFORM 1 FROM vouchers_quotabalance WHERE period_id = the_period AND dimension IN (budget, supplier)
        ORDER BY dimension FOR NO KEY UPDATE;
    SELECT total - reserved - consumed INTO budget_left FROM vouchers_quotabalance
        WHERE period_id = the_period AND dimension = budget;
    SELECT total - reserved - consumed INTO supplier_left FROM vouchers_quotabalance
        WHERE period_id = the_period AND dimension = supplier;
    SELECT coalesce(sum(CASE m.kind WHEN 'reserve' THEN m.amount WHEN 'release' THEN -m.amount END), 0) INTO used
        FROM vouchers_voucher v JOIN vouchers_quotamovement m ON m.voucher_id = v.id
        WHERE v.enterprise_id = held.enterprise_id AND m.period_id = the_period AND m.dimension LIKE 'supplier:%';
    used := used + coalesce((SELECT sum(c.amount) FROM vouchers_voucher v JOIN vouchers_waitingclaim c
        ON c.voucher_id = v.id WHERE v.enterprise_id = held.enterprise_id AND c.period_id = the_period), 0);
    wanted := least(held.prepared_amount, cap - used);
    SELECT coalesce(max(amount), 0) INTO budget_before FROM vouchers_waitingclaim
        WHERE period_id = the_period AND priority <= class AND budget_dimension = budget;
    SELECT coalesce(max(amount), 0) INTO supplier_before FROM vouchers_waitingclaim
        WHERE period_id = the_period AND priority <= class AND supplier_dimension = supplier;
    place.sequence := place.sequence + 1;
    IF greatest(wanted, budget_before) <= budget_left AND greatest(wanted, supplier_before) <= supplier_left THEN
        said := 'served'; happened := 'voucher.allocated'; state_now := 'under_review';
        INSERT INTO vouchers_quotamovement
            (period_id, event_id, dimension, kind, amount, voucher_id, sequence, decided_at)
        VALUES (the_period, the_event, budget, 'reserve', wanted, held.id, place.movement + 1, moment),
               (the_period, the_event, supplier, 'reserve', wanted, held.id, place.movement + 2, moment);
        place.movement := place.movement + 2;
        UPDATE vouchers_quotabalance SET reserved = reserved + wanted
            WHERE period_id = the_period AND dimension IN (budget, supplier);
    ELSE
        said := 'waiting'; happened := 'voucher.waiting'; state_now := 'waiting';
        INSERT INTO vouchers_waitingclaim (period_id, event_id, voucher_id, rises, priority, arrived_at, amount,
            budget_dimension, supplier_dimension)
        VALUES (the_period, the_event, held.id, false, class, came, wanted, budget, supplier);
    END IF;
    UPDATE vouchers_voucher SET state = state_now, version = version + 1, state_since = moment, amount = wanted,
        sequence = place.sequence, decided_at = moment,
        deadline_at = CASE WHEN said = 'served' THEN due ELSE deadline_at END WHERE id = held.id;
    INSERT INTO vouchers_quotadecision (event_id, decided_at, outcome, detail)
        VALUES (the_event, moment, said, jsonb_build_object('amount', wanted::text, 'sequence', place.sequence));
    INSERT INTO audit_entry (op, at, actor_user_id, actor_label, organisation_id, event, subject_type, subject_id, data)
        VALUES (gen_random_uuid(), moment, NULL, '平台·额度核定', NULL, happened, 'vouchers.voucher', held.id::text,
            jsonb_build_object('amount', wanted::text, 'sequence', place.sequence));
    UPDATE vouchers_quotacursor SET sequence = place.sequence, movement = place.movement, arrived_at = came,
        event_id = the_event WHERE id = place.id;
    RETURN said;
END $$
"""


def install() -> None:
    with connection.cursor() as cursor:
        cursor.execute(FUNCTION)


def rate(events: Sequence[int], period_id: int, *, cap: Any, due: Any, connections_: int) -> float:
    """Decisions per second of so many connections that share the events out among each other."""
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")
    where = dict(connection.get_connection_params())
    for key in ("cursor_factory",):
        where.pop(key, None)
    connections.close_all()
    context = multiprocessing.get_context("fork")
    gate = context.Barrier(connections_ + 1)
    shares = [events[number::connections_] for number in range(connections_)]
    workers = [
        context.Process(target=_work, args=(where, gate, share, period_id, cap, due), daemon=True) for share in shares
    ]
    for worker in workers:
        worker.start()
    gate.wait(60)
    began = time.monotonic()
    gate.wait(300)
    took = time.monotonic() - began
    for worker in workers:
        worker.join(10)
    return len(events) / took


def _work(where: dict[str, Any], gate: Any, events: Sequence[int], period_id: int, cap: Any, due: Any) -> None:
    server = connect(**where)
    server.autocommit = True
    cursor = server.cursor()
    cursor.execute("PREPARE call AS SELECT hot_row($1, $2, $3, $4)")
    gate.wait(60)
    for event in events:
        cursor.execute("EXECUTE call (%s, %s, %s, %s)", (event, period_id, cap, due))
    gate.wait(300)
    server.close()
