"""A period's real applications under another policy: the same numbers give what is, others give what they should."""

import io
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from catalog import domain as catalog
from catalog.models import Edition
from catalog.queries import period_parameters
from catalog.rules.assessment import assess
from platform_site.accounts.queries import province_bureau
from platform_site.kit import clock
from platform_site.kit.findings import Refusal
from platform_site.outbox.domain import deliver_all
from tests.vouchers.test_pages import sign_in
from tests.vouchers.test_what_if import lively_period
from tests.vouchers.world import FOSHAN, GUANGZHOU, World, apply, make_enterprise, official
from vouchers import domain
from vouchers.models import QuotaBalance, QuotaEvent, Voucher, WhatIfRow, WhatIfRun
from vouchers.queries.policy_trial import Policy, Tried, applications, policy_of, try_policy
from vouchers.queries.what_if import what_ifs_visible_to

YUAN = Decimal
ITEMS = (7, 12)


def trial(world: World, values: Mapping[str, Any] | None = None, amounts: Any = None) -> Tried:
    return try_policy(world.period, policy_of(world.period, world.period.edition, values, amounts))


def changes(tried: Tried) -> dict[int, tuple[str, Decimal, Decimal]]:
    return {row.voucher: (row.shift, row.before, row.after) for row in tried.changed}


def rates(world: World, share: str) -> list[dict[str, Any]]:
    """All rates of the period's edition with one share."""
    rows = next(row.value for row in period_parameters(world.period) if row.key == "rates")
    return [row | {"rate": share} for row in rows]


def ask(world: World, values: Mapping[str, Any], key: str = "k", edition: Edition | None = None) -> WhatIfRun:
    run = domain.ask_policy_what_if(
        period=world.period, edition=edition or world.period.edition, values=values, amounts={}, key=key,
        by=world.officer, at=clock.now(),
    )  # fmt: skip
    deliver_all(at=clock.now())
    run.refresh_from_db()
    return run


def two_of_one(world: World) -> tuple[Voucher, Voucher]:
    """One enterprise in Guangzhou: 250,000, the most for the item, and of 140,000 what is left of its 300,000."""
    person = make_enterprise(world, city=GUANGZHOU)
    return apply(world, *person, item=7, total="400000.00").voucher, apply(
        world, *person, item=12, total="200000.00"
    ).voucher


# -- the same numbers -------------------------------------------------------------------------------------------------


def test_under_the_same_policy_every_amount_is_what_it_is(world: World):
    lively_period(world)
    tried = trial(world)
    assert (tried.wrong, tried.wrong_count, tried.changed) == ([], 0, [])
    assert tried.applications == Voucher.objects.filter(period=world.period).exclude(state="draft").count()
    assert tried.left_out > 0
    total = tried.sums.result()["total"]
    assert total["before"] == total["after"] > 0


def test_the_check_sees_an_amount_that_the_policy_does_not_give(world: World):
    """The control: one amount is altered behind the platform's back, and the check names it."""
    voucher = apply(world, *make_enterprise(world), total="100000.00").voucher
    Voucher.objects.filter(pk=voucher.pk).update(amount=YUAN("69999.99"), case=voucher.case | {"cap": "500000.00"})
    Voucher.objects.filter(pk=voucher.pk).update(prepared_amount=YUAN("80000.00"), amount=YUAN("75000.00"))
    tried = trial(world)
    assert (tried.wrong, tried.wrong_count) == ([voucher.pk], 1)


def test_who_was_issued_before_it_could_rise_keeps_its_amount(world: World):
    _, second = two_of_one(world)
    left = second.amount
    Voucher.objects.filter(pk=second.pk).update(case=second.case | {"cap_used": "0.00"})
    assert left < assess(next(applications(world.period)).case, policy_now(world).present).amount
    assert (trial(world).wrong_count, trial(world).changed) == (0, [])


def policy_now(world: World) -> Policy:
    return policy_of(world.period, world.period.edition)


# -- other numbers ----------------------------------------------------------------------------------------------------


def test_a_lower_rate_lowers_and_leaves_more_of_the_cap_to_the_next(world: World):
    first, second = two_of_one(world)
    assert (first.amount, second.amount) == (YUAN("250000.00"), YUAN("50000.00"))
    assert changes(trial(world, {"rates": rates(world, "0.40")})) == {
        first.pk: ("less", YUAN("250000.00"), YUAN("160000.00")),
        second.pk: ("more", YUAN("50000.00"), YUAN("80000.00")),
    }


def test_a_lower_item_cap_of_the_first_gives_the_second_what_is_left(world: World):
    first, second = two_of_one(world)
    amounts = {7: {"cap": YUAN("220000.00"), "per_device": None}}
    assert changes(trial(world, {}, amounts)) == {
        first.pk: ("less", YUAN("250000.00"), YUAN("220000.00")),
        second.pk: ("more", YUAN("50000.00"), YUAN("80000.00")),
    }


def test_another_enterprise_cap_cuts_refuses_and_lifts_again(world: World):
    first, second = two_of_one(world)
    found = changes(trial(world, {"enterprise_cap": "150000.00"}))
    assert found[first.pk][0] == "less"
    assert found[second.pk] == ("fails", second.amount, YUAN("0.00"))
    more = changes(trial(world, {"enterprise_cap": "900000.00"}))
    assert more == {second.pk: ("more", YUAN("50000.00"), YUAN("100000.00"))}


def test_an_excluded_city_fails_with_its_clause(world: World):
    apply(world, *make_enterprise(world, city=FOSHAN), total="100000.00")
    kept = apply(world, *make_enterprise(world, city=GUANGZHOU), total="100000.00").voucher
    tried = trial(world, {"excluded_cities": [FOSHAN]})
    assert kept.pk not in changes(tried)
    assert [(one["code"], one["clause"]) for one in tried.changed[0].findings] == [
        ("city.excluded", policy_now(world).other.clause("excluded_cities"))
    ]
    assert tried.sums.result()["reasons"][0]["count"] == 1
    assert {row["key"]: row["fails"] for row in tried.sums.result()["city"]} == {FOSHAN: 1, GUANGZHOU: 0}


def test_sums_agree_with_the_list_and_with_each_other(world: World):
    lively_period(world)
    tried = trial(world, {"rates": rates(world, "0.65")})
    found = tried.sums.result()
    assert found["total"]["after"] - found["total"]["before"] == sum(row.after - row.before for row in tried.changed)
    for kind in ("city", "item", "size", "class"):
        for name in ("count", "before", "after", "more", "less", "passes", "fails"):
            assert sum(row[name] for row in found[kind]) == found["total"][name], (kind, name)
    assert sum(row["after"] for row in found["spread"]) == found["total"]["count"]


# -- asking and answering ----------------------------------------------------------------------------------------------


def test_a_draft_edition_is_tried_and_nothing_is_written_but_the_report(world: World):
    first, _ = two_of_one(world)
    draft = catalog.draft_edition(
        parent=world.period.edition, code="next", title="新一年", by=world.officer, at=clock.now()
    )
    lower = [replace(row, value=rates(world, "0.40")) for row in period_parameters(world.period) if row.key == "rates"]
    catalog.amend_edition(edition=draft, parameters=lower, by=world.officer, at=clock.now())
    before = [list(model.objects.order_by("pk").values()) for model in (Voucher, QuotaBalance, QuotaEvent)]
    run = ask(world, {}, edition=Edition.objects.get(code="next"))
    assert (run.state, run.result["check"]["agrees"], run.events) == ("done", True, 2)
    assert [new["key"] for _, new in run.result["numbers"]] == ["rates"]
    assert run.rows.get(voucher=first).after == YUAN("160000.00")
    assert before == [list(model.objects.order_by("pk").values()) for model in (Voucher, QuotaBalance, QuotaEvent)]


def test_the_same_key_asks_once_and_only_the_province_asks(world: World):
    values = {"enterprise_cap": "200000.00"}
    assert ask(world, values).pk == ask(world, values).pk
    auditor = official(province_bureau(), "auditor")
    with pytest.raises(PermissionDenied):
        domain.ask_policy_what_if(
            period=world.period, edition=world.period.edition, values=values, amounts={}, key="a", by=auditor,
            at=clock.now(),
        )  # fmt: skip
    assert what_ifs_visible_to(auditor).count() == 0  # those of quotas are another list


@pytest.mark.parametrize(
    ("values", "amounts", "code"),
    [
        ({"enterprise_cap": "-5"}, {}, "edition.bad_value"),
        ({"rates": []}, {}, "edition.rate_missing"),
        ({}, {7: {"cap": YUAN("0.00"), "per_device": None}}, "what_if.item_amount"),
    ],
)
def test_numbers_that_cannot_be_used_are_refused(world: World, values, amounts, code):
    with pytest.raises(Refusal) as refusal:
        domain.ask_policy_what_if(
            period=world.period, edition=world.period.edition, values=values, amounts=amounts, key="k",
            by=world.officer, at=clock.now(),
        )  # fmt: skip
    assert code in refusal.value.codes()


# -- pages -------------------------------------------------------------------------------------------------------------


def typed(page: Any) -> dict[str, Any]:
    """What a browser would send if nothing were changed."""
    found: dict[str, Any] = {"idempotency_key": "p"}
    for form in (page.context["numbers"], page.context["amounts"]):
        for field in form:
            value = field.value()
            if value not in (None, "", False):
                found[field.html_name] = value
    return found


def test_the_province_asks_on_the_page_and_reads_searches_and_exports(world: World):
    first, second = two_of_one(world)
    client = sign_in(world.officer)
    page = client.get("/province/what-if/")
    sent = client.post("/province/what-if/", typed(page) | {"cap_7": "170000.00"})
    assert sent.status_code == 302, sent.content.decode()[:3000]
    run = WhatIfRun.objects.get()
    assert run.changes["parameters"] == {}
    assert 'hx-trigger="every 2s"' in client.get(sent["Location"]).content.decode()
    deliver_all(at=clock.now())
    assert client.get(f"{sent['Location']}progress/")["HX-Refresh"] == "true"
    shown = client.get(sent["Location"]).content.decode()
    assert "算出来就是现在的金额" in shown
    assert first.number in shown
    assert first.number not in client.get(sent["Location"], {"shift": "more"}).content.decode()
    assert first.number not in client.get(sent["Location"], {"item": "12"}).content.decode()
    answer = client.get(sent["Location"], {"export": "1"})
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert {row[0] for row in rows[1:]} == {first.number, second.number}
    assert client.get(f"/province/quota/what-if/{run.pk}/").status_code == 404


def test_unchanged_numbers_on_the_page_change_nothing(world: World):
    two_of_one(world)
    client = sign_in(world.officer)
    sent = client.post("/province/what-if/", typed(client.get("/province/what-if/")))
    assert sent.status_code == 302, sent.content.decode()[:3000]
    deliver_all(at=clock.now())
    assert WhatIfRun.objects.get().changes == {"edition": world.period.edition.code, "parameters": {}, "items": {}}
    assert WhatIfRow.objects.count() == 0
    assert "没有换" in client.get(sent["Location"]).content.decode()


def test_a_number_that_cannot_be_used_stays_typed_with_its_reason(world: World):
    client = sign_in(world.officer)
    data = typed(client.get("/province/what-if/"))
    for change in ({"cap_7": "0"}, {"rates__0__rate": "800"}):
        answer = client.post("/province/what-if/", data | change)
        assert answer.status_code == 422
    assert WhatIfRun.objects.count() == 0


def test_the_answer_asks_as_often_for_three_vouchers_as_for_one(world: World):
    client, asked = sign_in(world.officer), []
    for number in (1, 2):
        for _ in range(number):
            apply(world, *make_enterprise(world), total="100000.00")
        run = ask(world, {"rates": rates(world, "0.40")}, f"n{number}")
        client.get(f"/province/what-if/{run.pk}/")
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/province/what-if/{run.pk}/")
        asked.append((run.rows.count(), len(queries)))
    assert [rows for rows, _ in asked] == [1, 3]
    assert asked[0][1] == asked[1][1]
