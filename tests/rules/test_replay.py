"""`manage.py replay_queue`: the strict rule (platform default 4) told in lines of JSON."""

import json
import random
import subprocess
import sys
import time
from decimal import Decimal

import pytest

from vouchers.rules.queue_story import BadLineError, QueueStory


def _grant(dimension: str, amount: str) -> dict:
    return {"type": "grant", "dimension": dimension, "amount": amount}


def _arrive(name: str, amount: str, *, city: str = "440100", supplier: str = "S1", pilot: str | None = None) -> dict:
    return {"type": "arrive", "id": name, "city": city, "supplier": supplier, "pilot": pilot, "amount": amount}


def _release(name: str) -> dict:
    return {"type": "release", "id": name}


def _told(*events: dict) -> dict[str, tuple]:
    story = QueueStory()
    story.play(json.dumps(event) for event in events)
    return {one.id: (one.state, one.order, one.lacks) for one in story.answers()}


CITY, ROOM = "city:440100", _grant("supplier:S1", "1000000.00")


def test_whoever_lacks_a_dimension_holds_back_all_later_ones_that_need_it_and_nobody_else():
    assert _told(
        _grant(CITY, "100.00"),
        _grant("city:440600", "100.00"),
        ROOM,
        _grant("supplier:S2", "1000.00"),
        _arrive("large", "150.00"),
        _arrive("held", "10.00", supplier="S2"),
        _arrive("other", "10.00", city="440600", supplier="S2"),
    ) == {
        "large": ("waiting", None, (CITY,)),
        "held": ("waiting", None, ()),
        "other": ("reserved", 1, ()),
    }


def test_who_is_only_held_back_adds_no_dimension():
    told = _told(
        _grant(CITY, "100.00"), ROOM, _grant("city:440600", "100.00"), _grant("supplier:S2", "100.00"),
        _arrive("large", "150.00"), _arrive("held", "10.00", supplier="S2"), _arrive("free", "10.00", city="440600", supplier="S2"),
    )  # fmt: skip
    assert told["free"] == ("reserved", 1, ())


def test_a_release_a_leaving_and_a_grant_each_serve_the_queue_in_order():
    start = (_grant(CITY, "100.00"), ROOM, _arrive("a", "100.00"), _arrive("b", "60.00"), _arrive("c", "40.00"))
    assert _told(*start, _release("a")) == {
        "a": ("released", 1, ()),
        "b": ("reserved", 2, ()),
        "c": ("reserved", 3, ()),
    }
    assert _told(*start, _release("b"))["c"] == ("waiting", None, (CITY,))
    assert _told(*start, _grant(CITY, "60.00"))["c"] == ("waiting", None, (CITY,))


def test_pilots_clients_come_first_among_the_waiting_and_draw_on_their_own_budget():
    told = _told(
        _grant(CITY, "1000.00"), _grant("supplier:S1", "50.00"), _grant("pilot:p1", "500.00"),
        _arrive("taken", "50.00"), _arrive("plain", "50.00"), _arrive("pilot", "50.00", pilot="p1"), _release("taken"),
    )  # fmt: skip
    assert told["pilot"] == ("reserved", 2, ())
    assert told["plain"] == ("waiting", None, ("supplier:S1",))


def test_priority_never_overtakes_a_reservation():
    told = _told(_grant(CITY, "50.00"), ROOM, _arrive("plain", "50.00"), _arrive("pilot", "50.00", pilot="p1"))
    assert told == {"plain": ("reserved", 1, ()), "pilot": ("waiting", None, ("pilot:p1",))}


def test_what_is_lacked_names_the_budget_before_the_supplier_and_what_was_never_granted_is_nothing():
    assert _told(_arrive("a", "1.00", supplier="A")) == {"a": ("waiting", None, (CITY, "supplier:A"))}


def test_a_second_release_frees_nothing_twice():
    story = (_grant(CITY, "10.00"), ROOM, _arrive("a", "10.00"), _release("a"), _release("a"), _arrive("b", "20.00"))
    assert _told(*story)["b"] == ("waiting", None, (CITY,))


def test_quota_can_be_taken_away_down_to_what_is_used():
    story = (_grant(CITY, "100.00"), ROOM, _arrive("a", "60.00"))
    assert _told(*story, _grant(CITY, "-40.00"), _arrive("b", "0.01"))["b"] == ("waiting", None, (CITY,))
    with pytest.raises(
        BadLineError, match=r"line 4, field 'amount': city:440100 has 40\.00 left, 40\.01 cannot be taken"
    ):
        _told(*story, _grant(CITY, "-40.01"))


def test_cents_add_up():
    story = [_grant(CITY, "0.30"), ROOM, *(_arrive(name, "0.10") for name in "abc"), _arrive("d", "0.01")]
    told = _told(*story)
    assert [told[name][0] for name in "abcd"] == ["reserved", "reserved", "reserved", "waiting"]


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("{", ""),
        ("[]", ""),
        ('{"type": "grant", "dimension": "city:1", "amount": NaN}', ""),
        ("[" * 100_000, ""),
        ('{"type": "wish"}', "type"),
        ('{"type": ["grant"]}', "type"),
        ('{"type": "grant", "dimension": "town:1", "amount": "1"}', "dimension"),
        ('{"type": "grant", "dimension": "city:", "amount": "1"}', "dimension"),
        ('{"type": "grant", "dimension": "city:1"}', "amount"),
        ('{"type": "grant", "dimension": "city:1", "amount": "1.001"}', "amount"),
        ('{"type": "grant", "dimension": "city:1", "amount": "Infinity"}', "amount"),
        ('{"type": "grant", "dimension": "city:1", "amount": true}', "amount"),
        ('{"type": "grant", "dimension": "city:1", "amount": 1e999999}', "amount"),
        ('{"type": "arrive", "id": "a", "city": "1", "supplier": "s", "pilot": null, "amount": "0"}', "amount"),
        ('{"type": "arrive", "id": "a", "supplier": "s", "pilot": null, "amount": "1"}', "city"),
        ('{"type": "arrive", "id": "a", "city": "1", "supplier": {}, "amount": "1"}', "supplier"),
        ('{"type": "arrive", "id": "a", "city": "1", "supplier": "s", "pilot": "", "amount": "1"}', "pilot"),
        ('{"type": "arrive", "id": "known", "city": "1", "supplier": "s", "amount": "1"}', "id"),
        ('{"type": "release", "id": "stranger"}', "id"),
        ('{"type": "release"}', "id"),
    ],
)
def test_a_line_that_cannot_be_played_is_named_with_its_field(line, field):
    story = QueueStory()
    with pytest.raises(BadLineError) as raised:
        story.play(["", json.dumps(_arrive("known", "1.00")), line])
    assert (raised.value.number, raised.value.field) == (3, field)
    assert raised.value.rule
    assert raised.value.remedy


def _run(text: bytes) -> subprocess.CompletedProcess:
    command = [sys.executable, "manage.py", "replay_queue", "--file", "-"]
    return subprocess.run(command, input=text, capture_output=True, check=False, timeout=60)


def test_the_command_reads_stdin_and_answers_one_line_an_arrival():
    events = [_grant(CITY, "5"), _grant("supplier:云", "5"), _arrive("甲", "5", supplier="云"), _arrive("b", "5")]
    done = _run("".join(json.dumps(event, ensure_ascii=False) + "\n" for event in events).encode())
    assert done.returncode == 0
    assert [json.loads(line) for line in done.stdout.splitlines()] == [
        {"id": "甲", "state": "reserved", "order": 1, "lacks": []},
        {"id": "b", "state": "waiting", "order": None, "lacks": [CITY, "supplier:S1"]},
    ]


@pytest.mark.parametrize("text", [b'{"type":"grant","dimension":"x","amount":"1"}\n', b"\xff\xfe\n"])
def test_the_command_fails_with_nothing_on_stdout(text):
    done = _run(text)
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr


def test_a_hundred_thousand_events_with_ten_thousand_waiting_take_seconds():
    """A queue re-walked after every event would take hours here; the bound leaves room for a busy machine."""
    seed = random.Random(7)
    cities, suppliers = [f"44{n:02d}00" for n in range(1, 22)], [f"S{n}" for n in range(3000)]
    lines = [json.dumps(_grant(f"city:{code}", "900000.00")) for code in cities]
    lines += [json.dumps(_grant(f"supplier:{one}", "9000.00")) for one in suppliers[::2]]
    lives: list[str] = []
    for number in range(100_000):
        if seed.random() < 0.6 or not lives:
            lives.append(f"a{number}")
            city, supplier = seed.choice(cities), seed.choice(suppliers)
            lines.append(
                json.dumps(_arrive(lives[-1], f"{seed.randrange(100, 9000)}.00", city=city, supplier=supplier))
            )
        else:
            lines.append(json.dumps(_release(lives.pop(seed.randrange(len(lives))))))
    story, started = QueueStory(), time.process_time()
    story.play(lines)
    took = time.process_time() - started
    waiting = [one for one in story.answers() if one.state == "waiting"]
    assert len(waiting) > 10_000
    assert took < 30
    assert Decimal(len(lines)) > 100_000
