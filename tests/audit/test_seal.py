"""Tampering by SQL, with triggers off, is found and named."""

import json
import time
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from platform_site.audit.domain import check_seals, seal_all
from platform_site.audit.domain import seal as sealing
from platform_site.audit.models import Entry, Seal, SealMember
from platform_site.audit.queries import proof_of, seal_of, verify_chain
from platform_site.audit.rules.merkle import root_of_proof
from tests.accounts.people import AT
from tests.audit.test_record import write

pytestmark = pytest.mark.django_db
ENTRIES, SEALS, MEMBERS = (model._meta.db_table for model in (Entry, Seal, SealMember))


def tamper(*statements: str) -> None:
    """As somebody with all rights on the database would: triggers and keys switched off."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET session_replication_role = replica")
        for statement in statements:
            cursor.execute(statement)
        cursor.execute("SET session_replication_role = origin")


@pytest.fixture
def sealed() -> list[int]:
    """Three seals over some entries; the keys of the entries."""
    for batch in range(3):
        for number in range(4):
            write(f"event.{batch}.{number}", note=str(number))
        seal_all(at=AT)
    return list(Entry.objects.order_by("pk").values_list("pk", flat=True))


def kinds() -> dict[str, str]:
    return {damage.kind: damage.where for damage in verify_chain().damages}


def test_an_untouched_chain_is_intact_and_new_rows_wait(sealed: list[int]):
    write("later")
    report = verify_chain()
    assert (report.seals, report.rows, report.waiting, report.damages) == (3, len(sealed), 1, [])


def test_sealing_twice_seals_once(sealed: list[int]):
    assert (seal_all(at=AT), Seal.objects.count()) == ([], 3)


@pytest.mark.parametrize(
    "change",
    [
        "actor_label = 'x'",
        "at = at + interval '1 microsecond'",
        "data = '{}'",
        "event = 'voucher.issued'",
        "subject_id = '2'",
        "organisation_id = NULL",
        "op = gen_random_uuid()",
    ],
)
@pytest.mark.parametrize("place", [0, 5, -1])
def test_a_changed_row_is_named(sealed: list[int], change: str, place: int):
    tamper(f"UPDATE {ENTRIES} SET {change} WHERE id = {sealed[place]}")
    assert kinds() == {"changed": f"{ENTRIES} #{sealed[place]}"}


def test_a_deleted_row_is_named(sealed: list[int]):
    tamper(f"DELETE FROM {ENTRIES} WHERE id = {sealed[6]}")
    assert kinds() == {"missing": f"{ENTRIES} #{sealed[6]}"}


def test_two_rows_that_change_places_are_both_named(sealed: list[int]):
    one, other = sealed[1], sealed[2]
    tamper(
        f"UPDATE {ENTRIES} SET id = 0 WHERE id = {one}",
        f"UPDATE {ENTRIES} SET id = {one} WHERE id = {other}",
        f"UPDATE {ENTRIES} SET id = {other} WHERE id = 0",
    )
    assert [damage.where for damage in verify_chain().damages] == [f"{ENTRIES} #{one}", f"{ENTRIES} #{other}"]


def test_a_row_put_in_between_later_is_named(sealed: list[int], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("platform_site.audit.queries.verify.LATE", 2)
    monkeypatch.setattr(sealing, "LATE", 2)
    tamper(
        f"INSERT INTO {ENTRIES} (id, op, at, actor_label, event, subject_type, subject_id, data)"
        f" VALUES (-5, gen_random_uuid(), now(), 'x', 'x', 'x', 'x', '{{}}')"
    )
    seal_all(at=AT)
    assert kinds() == {"added": f"{ENTRIES} #-5"}


def test_members_changed_with_their_rows_break_the_root(sealed: list[int]):
    tamper(f"DELETE FROM {ENTRIES} WHERE id = {sealed[0]}", f"DELETE FROM {MEMBERS} WHERE row_id = {sealed[0]}")
    assert kinds()["members"] == "封存 1"


def test_members_in_another_order_break_the_root(sealed: list[int]):
    first = f"(SELECT id FROM {SEALS} WHERE number = 2)"
    tamper(
        f"UPDATE {MEMBERS} SET position = 100 WHERE seal_id = {first} AND position = 0",
        f"UPDATE {MEMBERS} SET position = 0 WHERE seal_id = {first} AND position = 1",
        f"UPDATE {MEMBERS} SET position = 1 WHERE seal_id = {first} AND position = 100",
    )
    assert kinds() == {"members": "封存 2"}


def test_a_seal_taken_out_breaks_the_chain(sealed: list[int]):
    tamper(f"DELETE FROM {SEALS} WHERE number = 2")
    assert kinds()["chain"] == "封存 3"


@pytest.mark.parametrize("change", ["root = repeat('0', 64)", "count = 5", "previous = repeat('1', 64)"])
def test_a_changed_seal_is_named(sealed: list[int], change: str):
    tamper(f"UPDATE {SEALS} SET {change} WHERE number = 2")
    assert "封存 2" in kinds().values()


def test_a_chain_made_anew_without_the_key_is_found_by_its_signature(sealed: list[int]):
    tamper(f"UPDATE {SEALS} SET signature = repeat('0', 64) WHERE number = 3")
    assert kinds() == {"signature": "封存 3"}


def test_a_chain_made_anew_as_a_whole_is_found_by_what_another_host_kept(sealed: list[int], tmp_path: Path):
    kept = tmp_path / "seal.json"
    call_command("export_seal", kept)
    call_command("verify_audit", against=kept)
    tamper(f"DELETE FROM {MEMBERS}", f"DELETE FROM {SEALS}", f"UPDATE {ENTRIES} SET event = 'x' WHERE id = {sealed[0]}")
    seal_all(at=AT)
    assert verify_chain().damages == []  # in itself the new chain is right
    found = verify_chain(json.loads(kept.read_text())["heads"]).damages
    assert {damage.kind for damage in found} == {"exported"}
    with pytest.raises(CommandError, match="与封存不符"):
        call_command("verify_audit", against=kept)


def test_the_nightly_check_keeps_what_it_found(sealed: list[int]):
    assert check_seals(at=AT).damages == []
    tamper(f"DELETE FROM {ENTRIES} WHERE id = {sealed[6]}")
    assert [damage["kind"] for damage in check_seals(at=AT).damages] == ["missing"]


def test_a_row_has_a_proof_until_it_is_changed(sealed: list[int]):
    row = Entry.objects.get(pk=sealed[5])
    proof = proof_of(row)
    assert proof is not None
    assert (proof.holds, proof.seal, root_of_proof(proof.digest, proof.steps)) == (True, seal_of(row), proof.seal.root)
    tamper(f"UPDATE {ENTRIES} SET event = 'x' WHERE id = {row.pk}")
    changed = proof_of(Entry.objects.get(pk=row.pk))
    assert changed is not None
    assert not changed.holds


def test_full_batches_make_several_seals(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sealing, "BATCH", 3)
    for number in range(8):
        write(f"event.{number}")
    assert [seal.count for seal in seal_all(at=AT)] == [3, 3, 2]
    assert verify_chain().damages == []


@pytest.mark.soak
def test_a_hundred_thousand_rows_are_sealed_and_checked(record_property):
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {ENTRIES} (op, at, actor_label, event, subject_type, subject_id, data)"
            " SELECT gen_random_uuid(), now(), 'x', 'voucher.issued', 'tests.thing', n::text, '{\"note\": \"x\"}'"
            " FROM generate_series(1, 100000) n"
        )
    started = time.monotonic()
    made = seal_all(at=AT)
    sealed_after = time.monotonic() - started
    report = verify_chain()
    checked_after = time.monotonic() - started - sealed_after
    record_property("seconds", {"seal": sealed_after, "verify": checked_after})
    assert (len(made), report.rows, report.damages) == (10, 100_000, [])
    assert sealed_after < 120
    assert checked_after < 60
