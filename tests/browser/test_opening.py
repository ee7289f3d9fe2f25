"""The opening as people see it: the countdown on the server's time, one press among many, the receipt, the province's
dashboard and the public board while it goes on."""

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from http.client import HTTPConnection
from typing import Any

import pytest
from django.core.management import call_command
from playwright.sync_api import Browser, expect

from catalog.models import Period
from platform_site.kit import clock
from tests.browser.staged import People, people_on, staged
from tests.browser.watch import PHONE, barriers, shot, too_wide
from tests.concurrency.crowd import Applicant, Crowd, give_quota, make_crowd
from tests.concurrency.presses import press, sign_in
from tests.concurrency.stage import Stage, signed_in, until
from tests.vouchers.world import make_world

OTHERS, AT_ONCE = 240, 4
PHONES = ("phone", "")
ARRIVED = "SELECT count(*) FROM vouchers_quotaevent WHERE kind = 'arrive'"
FAR = timedelta(minutes=30)  # until the opening, while everything starts
AHEAD = timedelta(seconds=25)  # once it runs, for the countdown on two pages


@dataclass
class Rush:
    """`mine`: the one who watches the page; the others press from threads. `sessions`: of those with a page."""

    mine: Applicant
    sessions: dict[str, str]
    others: list[tuple[int, str, str]]  # voucher, cookies, token
    opens: datetime


def prepare() -> Rush:
    call_command("load_monitoring", verbosity=0)
    crowd: Crowd = make_crowd(make_world(city_total=""), enterprises=OTHERS + 1, each=1)
    give_quota(crowd, Decimal(1) / 3)
    mine, *rest = crowd.applicants
    people = sign_in(one.actor.user_id or 0 for one in rest)
    others = [(one.voucher_ids[0], *people[one.actor.user_id or 0]) for one in rest]
    opens = clock.now() + FAR
    Period._default_manager.filter(pk=crowd.world.period.pk).update(apply_from=opens)
    session = signed_in(mine.actor)
    return Rush(mine, {"desk": session, "phone": session, "province": signed_in(crowd.world.officer)}, others, opens)


@pytest.fixture
def rush(fresh_database: None) -> Rush:
    return prepare()


@pytest.fixture
def stage(rush: Rush) -> Iterator[Stage]:
    with staged("opening-stage") as made:
        for name in ("web", "worker", "allocator"):
            made.start(name)
        yield made


@pytest.fixture
def people(stage: Stage, rush: Rush, browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[People]:
    with people_on(stage, rush.sessions, browser, browser_context_args) as pages:
        for name in PHONES:
            pages(name).set_viewport_size(PHONE)
        stage.later(rush.opens - AHEAD - clock.now())
        yield pages


def test_the_opening(rush: Rush, stage: Stage, people: People) -> None:
    mine, ready = people("desk"), f"/enterprise/apply/{rush.mine.voucher_ids[0]}/ready/"
    for name in ("desk", "phone"):
        page = people(name)
        page.goto(ready)
        expect(page.get_by_role("button", name="提交申请")).to_be_disabled()
        expect(page.locator("[data-until]").first).to_have_text(re.compile(r"00:00:\d\d"))
        shot(page, f"opening-countdown-{name}")
        assert (barriers(page), too_wide(page)) == ([], [])
    assert stage.value(ARRIVED) == 0

    seen = threading.Event()
    shares = [rush.others[n::AT_ONCE] for n in range(AT_ONCE)]
    pressing = [threading.Thread(target=_press, args=(stage.port, share, seen), daemon=True) for share in shares]
    for thread in pressing:
        thread.start()
    expect(mine.get_by_role("button", name="提交申请")).to_be_enabled(timeout=60_000)
    mine.get_by_role("button", name="提交申请").click()
    mine.wait_for_url(re.compile(r"/receipt/"))
    expect(mine.locator("#receipt")).to_contain_text(re.compile(r"HZ20\d\d-\d{6}"))
    shot(mine, "opening-receipt-meanwhile")
    people("province").goto("/province/dashboard/")
    shot(people("province"), "opening-dashboard-meanwhile")
    assert all(thread.is_alive() for thread in pressing), "the pages were not seen under load"
    seen.set()
    for thread in pressing:
        thread.join()

    until(lambda: stage.value("SELECT count(*) FROM vouchers_quotadecision d JOIN vouchers_quotaevent e "
                              "ON e.id = d.event_id WHERE e.kind = 'arrive'") == OTHERS + 1, "everything is decided")  # fmt: skip
    assert stage.value("SELECT min(e.arrived_at) >= min(p.apply_from) FROM vouchers_quotaevent e "
                       "JOIN catalog_period p ON p.id = e.period_id WHERE e.kind = 'arrive'")  # fmt: skip
    after = {"desk": mine.url, "phone": mine.url, "province": "/province/dashboard/", "": "/queue/"}
    for name, path in after.items():
        people(name).goto(path)
        shot(people(name), f"opening-after-{name or 'public'}")
        assert (barriers(people(name)), too_wide(people(name))) == ([], [])


def _press(port: int, share: list[tuple[int, str, str]], seen: threading.Event) -> None:
    """As impatient people do: again and again until the receipt is there, and once more while the pages are looked at."""
    web = HTTPConnection("127.0.0.1", port, timeout=30)
    rounds = 0
    while not rounds or not seen.is_set():
        rounds += 1
        for pk, cookies, token in share:
            fields = {"csrfmiddlewaretoken": token, "idempotency_key": f"opening-{pk}"}
            until(partial(press, web, f"/enterprise/apply/{pk}/ready/", fields, cookies), "a receipt")
