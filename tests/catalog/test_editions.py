"""An edition from its draft to its day: two people, compared, frozen; applications keep the one they were made under."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from catalog import domain, queries
from catalog.models import CatalogVersion, Edition, EditionParameter, Item
from catalog.rules.assessment import assess
from catalog.rules.parameter_checks import changed_parameters
from catalog.rules.terms import Parameter
from platform_site.audit.queries import trail_of
from platform_site.kit.actor import Actor, system_actor
from platform_site.kit.findings import Refusal
from platform_site.kit.yaml_files import read_yaml
from tests.catalog.conftest import APPROVER, OFFICER, moment
from tests.catalog.policy_data import FIXTURES, GUANGZHOU, MEIZHOU

AT = moment("2020-12-01T09:00:00")
COLLEAGUE = replace(APPROVER, user_id=103, label="另一位省级审批")
RATES = [
    {"class": None, "region": None, "pilot": True, "rate": "0.75", "clause": "N20/4"},
    {"class": None, "region": "prd", "pilot": False, "rate": "0.60", "clause": "N20/4"},
    {"class": None, "region": "other", "pilot": False, "rate": "0.75", "clause": "N20/4"},
]


def refused(command: Callable[..., object], **arguments: object) -> list[str]:
    with pytest.raises(Refusal) as caught:
        command(**arguments)
    return caught.value.codes()


def draft(code: str = "2021", by: Actor = OFFICER) -> Edition:
    parent = queries.published_edition("2020")
    return domain.draft_edition(parent=parent, code=code, title=f"{code} 年", by=by, at=AT)


def with_rates(edition: Edition, by: Actor = OFFICER) -> Edition:
    rates = Parameter("rates", RATES, "N20/4", "按新办法")
    return domain.amend_edition(edition=edition, parameters=[rates], by=by, at=AT)


def with_cap(edition: Edition, cap: str = "120000.00") -> CatalogVersion:
    catalog = domain.bring_catalog(edition=edition, by=OFFICER, at=AT)
    return domain.amend_items(catalog=catalog, changes={5: {"cap": Decimal(cap)}}, by=OFFICER, at=AT)


def brought_out(edition: Edition, day: date = date(2021, 1, 1)) -> Edition:
    edition = domain.hand_in_edition(edition=edition, by=OFFICER, at=AT)
    edition = domain.sign_edition(edition=edition, by=APPROVER, at=AT)
    return domain.publish_edition(edition=edition, effective_from=day, by=APPROVER, at=AT)


def new_year() -> Edition:
    """Rates 60 % and 75 %, item 5 capped at 120,000."""
    edition = with_rates(draft())
    with_cap(edition)
    return brought_out(edition)


def test_a_draft_is_a_copy_and_the_difference_is_what_was_changed(policy: None) -> None:
    """S19/9"""
    edition = draft()
    old = queries.parameters_of(queries.published_edition("2020"))
    assert [key for key, *_, changed in changed_parameters(old, queries.parameters_of(edition)) if changed] == []
    with_rates(edition)
    changes = {
        key: (one, two)
        for key, one, two, changed in changed_parameters(old, queries.parameters_of(edition))
        if changed and one and two
    }
    assert list(changes) == ["rates"]
    before, after = changes["rates"]
    assert (before.value[1]["rate"], after.value[1]["rate"], after.note) == ("0.70", "0.60", "按新办法")


def test_a_number_somebody_has_set_is_no_longer_assumed(policy: None) -> None:
    """N20/5.1"""
    edition = draft()
    cap = Parameter("enterprise_cap", "350000.00", "S19/annex.note3")
    domain.amend_edition(edition=edition, parameters=[cap], by=OFFICER, at=AT)
    rows = {row.key: row for row in queries.parameters_of(edition)}
    assert (rows["enterprise_cap"].assumed, rows["bonus_amount"].assumed) == (False, True)


def test_a_new_year_is_drafted_compared_signed_and_published_with_its_catalog(policy: None) -> None:
    """S19/9 S19/4.4.4 D/four_eyes"""
    edition = new_year()
    catalog = queries.catalog_of(edition)
    assert (edition.state, edition.effective_from, catalog.code) == ("published", date(2021, 1, 1), "2021")
    compared = queries.compare_catalogs(catalog.origin, catalog)
    assert [(number, fields) for number, _, _, fields in compared if fields] == [(5, ("cap",))]
    terms = queries.terms_for(edition)
    rates = {city: terms.rate_for("A", city, pilot=False) for city in (GUANGZHOU, MEIZHOU)}
    assert {city: rate and rate.share for city, rate in rates.items()} == {
        GUANGZHOU: Decimal("0.60"),
        MEIZHOU: Decimal("0.75"),
    }
    events = [entry.event for entry in trail_of(edition)]
    assert events == [
        "catalog.edition_published",
        "catalog.edition_signed",
        "catalog.edition_handed_in",
        "catalog.edition_amended",
        "catalog.edition_amended",
        "catalog.edition_drafted",
    ]


def test_the_same_case_before_and_after_is_assessed_each_under_its_own_edition(policy: None) -> None:
    """S19/4.4.4"""
    new_year()
    amounts = {}
    for code in ("2020", "2021"):
        edition = queries.published_edition(code)
        item = queries.item_in(queries.catalog_of(edition), 5)
        facts: dict[str, Any] = {"city": GUANGZHOU, "contract_amount": Decimal("250000.00"), "devices": 200}
        case = queries.assessment_case(edition=edition, item=item, product_class="A", **facts)
        amounts[code] = assess(case, queries.terms_for(edition)).amount
    assert amounts == {"2020": Decimal("100000.00"), "2021": Decimal("120000.00")}


@pytest.mark.parametrize("signer", [OFFICER, replace(APPROVER, delegated=True)])
def test_only_an_approver_in_person_signs(policy: None, signer: Actor) -> None:
    """S19/8"""
    edition = domain.hand_in_edition(edition=draft(), by=OFFICER, at=AT)
    with pytest.raises(PermissionDenied):
        domain.sign_edition(edition=edition, by=signer, at=AT)


def test_neither_the_drafter_nor_who_handed_it_in_signs(policy: None) -> None:
    """D/four_eyes"""
    edition = domain.hand_in_edition(edition=draft(by=APPROVER), by=COLLEAGUE, at=AT)
    for person in (APPROVER, COLLEAGUE):
        assert refused(domain.sign_edition, edition=edition, by=person, at=AT) == ["policy.same_person"]
    third = replace(APPROVER, user_id=104)
    assert domain.sign_edition(edition=edition, by=third, at=AT).state == "signed"


def test_the_database_refuses_the_same_person_and_the_unsigned_too(policy: None) -> None:
    """D/four_eyes"""
    edition = domain.hand_in_edition(edition=draft(), by=OFFICER, at=AT)
    signed = domain.sign_edition(edition=edition, by=APPROVER, at=AT)
    for wrong in ({"signed_by": OFFICER.user_id}, {"signed_by": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Edition.objects.filter(pk=signed.pk).update(**wrong)


def test_what_is_handed_in_cannot_be_changed_and_comes_back_with_a_reason(policy: None) -> None:
    """D/four_eyes S19/9"""
    edition = with_rates(draft())
    with_cap(edition)
    edition = domain.hand_in_edition(edition=edition, by=OFFICER, at=AT)
    assert refused(with_rates, edition=edition) == ["policy.frozen"]
    assert refused(domain.send_back_edition, edition=edition, reason=" ", by=APPROVER, at=AT) == ["policy.no_reason"]
    with pytest.raises(IntegrityError), transaction.atomic():
        EditionParameter.objects.filter(edition=edition, key="rates").update(value=[])
    back = domain.send_back_edition(edition=edition, reason="比例依据没有写", by=APPROVER, at=AT)
    catalog = queries.catalog_used_by(back)
    assert catalog is not None
    assert (back.state, back.reason, catalog.state) == ("draft", "比例依据没有写", "draft")
    assert with_rates(back).state == "draft"


def test_a_signed_edition_sent_back_has_lost_its_signature(policy: None) -> None:
    """D/four_eyes"""
    edition = domain.hand_in_edition(edition=draft(), by=OFFICER, at=AT)
    edition = domain.sign_edition(edition=edition, by=APPROVER, at=AT)
    back = domain.send_back_edition(edition=edition, reason="再核对", by=OFFICER, at=AT)
    assert (back.signed_by, back.handed_in_by) == (None, None)
    assert refused(domain.publish_edition, edition=back, effective_from=AT.date(), by=APPROVER, at=AT) == [
        "state.not_possible"
    ]


def test_a_withdrawn_draft_stays_for_the_record(policy: None) -> None:
    """S19/9"""
    edition = domain.withdraw_edition(edition=draft(), reason="今年不改", by=OFFICER, at=AT)
    assert (edition.state, edition.reason) == ("withdrawn", "今年不改")
    assert refused(with_rates, edition=edition) == ["policy.frozen"]
    assert refused(domain.draft_edition, parent=edition, code="2022", title="x", by=OFFICER, at=AT) == [
        "edition.parent_open"
    ]


@pytest.mark.parametrize("day", [None, date(2020, 11, 30)])
def test_an_edition_never_reaches_back(policy: None, day: date | None) -> None:
    """S19/4.4.4"""
    edition = domain.sign_edition(
        edition=domain.hand_in_edition(edition=draft(), by=OFFICER, at=AT), by=APPROVER, at=AT
    )
    assert refused(domain.publish_edition, edition=edition, effective_from=day, by=APPROVER, at=AT) == [
        "edition.day_passed"
    ]


def test_a_published_edition_is_frozen_for_command_and_database(policy: None) -> None:
    """S19/4.4.4"""
    edition = new_year()
    assert refused(with_rates, edition=edition) == ["policy.frozen"]
    for change in ({"code": "x"}, {"catalog_code": "2019"}, {"effective_from": date(2022, 1, 1)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Edition.objects.filter(pk=edition.pk).update(**change)
    for rows in (EditionParameter.objects.filter(edition=edition), Item.objects.filter(version__code="2021")):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        Item.objects.filter(version__code="2021", number=5).update(notes="另写")


def test_bad_values_are_refused_all_at_once_and_nothing_is_saved(policy: None) -> None:
    """S19/9"""
    edition = draft()
    wrong = [
        Parameter("enterprise_cap", "-5.00", "S19/annex.note3"),
        Parameter("notice_days", 0, "D/6"),
        Parameter("bonus_amount", "1.00", "S19/99"),
    ]
    with pytest.raises(Refusal) as caught:
        domain.amend_edition(edition=edition, parameters=wrong, by=OFFICER, at=AT)
    assert [(finding.code, finding.field, finding.clause) for finding in caught.value.findings] == [
        ("edition.bad_value", "enterprise_cap", "S19/annex.note3"),
        ("edition.bad_value", "notice_days", "D/6"),
        ("edition.clause_unknown", "bonus_amount", "S19/9"),
    ]
    assert queries.terms_for(edition).enterprise_cap == Decimal("300000.00")


def test_what_does_not_fit_together_is_not_handed_in(policy: None) -> None:
    """S19/9"""
    edition = draft()
    none = Parameter("rates", RATES[:1], "N20/4")
    domain.amend_edition(edition=edition, parameters=[none], by=OFFICER, at=AT)
    assert refused(domain.hand_in_edition, edition=edition, by=OFFICER, at=AT) == ["edition.rate_missing"]


def test_a_stale_form_is_refused(policy: None) -> None:
    edition = draft()
    seen = edition.version
    with_rates(edition)
    assert refused(domain.amend_edition, edition=edition, by=OFFICER, at=AT, version=seen) == ["stale"]


def test_codes_are_used_once(policy: None) -> None:
    draft()
    assert refused(draft) == ["edition.code_taken"]
    origin = queries.published_catalog("2019")
    assert refused(domain.draft_catalog, origin=origin, code="2019", title="x", by=OFFICER, at=AT) == [
        "catalog.code_taken"
    ]


# ---- the catalog on its own -----------------------------------------------------------------------------------
def catalog_draft() -> CatalogVersion:
    origin = queries.published_catalog("2019")
    return domain.draft_catalog(origin=origin, code="2019b", title="目录修订", by=OFFICER, at=AT)


def test_a_catalog_is_edited_signed_and_published_on_its_own(policy: None) -> None:
    """S19/annex.note1 S19/4.4.1"""
    catalog = catalog_draft()
    words = {"scene": "把设备接上云。", "modules": ["接入", "看板"], "requirements": {"min_modules": 2}}
    domain.amend_items(catalog=catalog, changes={5: words}, by=OFFICER, at=AT)
    catalog = domain.hand_in_catalog(catalog=catalog, by=OFFICER, at=AT)
    catalog = domain.sign_catalog(catalog=catalog, by=APPROVER, at=AT)
    catalog = domain.publish_catalog(catalog=catalog, by=APPROVER, at=AT)
    item = queries.item_in(catalog, 5)
    assert (catalog.published_on, item.modules, item.search_text != "") == (AT.date(), ["接入", "看板"], True)
    assert [number for number, *_, fields in queries.compare_catalogs(catalog.origin, catalog) if fields] == [5]
    assert [one.number for one in queries.search_items(catalog, "看板 接入")] == [5]


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"cap": Decimal("0.00"), "per_device": None}, "cap"),
        ({"per_device": Decimal("999999.00")}, "per_device"),
        ({"modules": []}, "modules"),
        ({"requirements": {"min_modules": 40}}, "min_modules"),
        ({"optional_modules": ["实时产量"]}, "optional_modules"),
    ],
)
def test_an_item_that_cannot_be_so_is_refused_at_its_field(policy: None, facts: dict[str, Any], field: str) -> None:
    """S19/4.4.1"""
    with pytest.raises(Refusal) as caught:
        domain.amend_items(catalog=catalog_draft(), changes={5: facts}, by=OFFICER, at=AT)
    assert [(finding.code, finding.field, finding.clause) for finding in caught.value.findings] == [
        ("catalog.bad_item", field, "S19/annex.5")
    ]


def test_a_withdrawn_catalog_is_shown_to_nobody_outside(policy: None) -> None:
    catalog = domain.withdraw_catalog(catalog=catalog_draft(), reason="不用了", by=OFFICER, at=AT)
    assert catalog not in queries.catalog_versions_visible_to(Actor())
    assert catalog in queries.catalog_versions_visible_to(OFFICER)


# ---- the loader -----------------------------------------------------------------------------------------------
def changed_fixture(folder: Path, key: str, **changes: Any) -> Path:
    for path in (FIXTURES / "policy").glob("*.yaml"):
        (folder / path.name).write_text(path.read_text())
    data = read_yaml(folder / "2020.yaml")
    data["parameters"][key] |= changes
    (folder / "2020.yaml").write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False))
    return folder


def test_the_loader_prints_old_and_new(policy: None, tmp_path: Path) -> None:
    folder = changed_fixture(tmp_path, "enterprise_cap", note="改过的说明")
    assert domain.load_policy(folder=folder, by=system_actor("test"), at=AT) == [
        '~ parameter 2020.enterprise_cap: note "照 2019 年执行" → "改过的说明"'
    ]


def test_the_loader_says_which_periods_rest_on_a_published_number(
    published: Callable[..., Any], tmp_path: Path
) -> None:
    """S19/4.4.4"""
    published()
    folder = changed_fixture(tmp_path, "enterprise_cap", value="400000.00")
    with pytest.raises(Refusal) as caught:
        domain.load_policy(folder=folder, by=system_actor("test"), at=AT)
    (finding,) = caught.value.findings
    assert (finding.code, finding.field) == ("edition.frozen", "enterprise_cap")
    assert '"300000.00"' in finding.reason
    assert '"400000.00"' in finding.reason
    assert "申领期 1 件（2020 年服务券）" in finding.reason


def test_an_edition_drafted_by_people_is_left_alone_by_the_loader(policy: None) -> None:
    new_year()
    assert domain.load_policy(folder=FIXTURES / "policy", by=system_actor("test"), at=AT + timedelta(days=1)) == []
