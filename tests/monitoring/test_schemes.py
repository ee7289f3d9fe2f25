"""Monitoring schemes as the province keeps them: drafted, compared, signed by another, in force from a moment on."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from catalog.domain import draft_edition
from catalog.queries import published_edition
from monitoring.domain import amend_scheme, draft_schemes, hand_in_schemes, publish_schemes, set_up_source, sign_schemes
from monitoring.models import Scheme, SchemeSet
from monitoring.queries import terms_for, terms_of
from monitoring.rules.scheme_checks import check_scheme
from platform_site.accounts.enums import Role
from platform_site.accounts.queries import province_bureau
from platform_site.audit.models import Entry
from platform_site.kit.actor import Actor
from platform_site.kit.findings import Refusal
from tests.accounts import people
from tests.monitoring import world
from tests.monitoring.world import AT, SYSTEM

OFFICER = Actor(user_id=901, label="经办", roles=frozenset({"province_officer"}), organisation_kind="province")
APPROVER = Actor(user_id=902, label="复核", roles=frozenset({"province_approver"}), organisation_kind="province")


def _draft(**changes):
    made = draft_schemes(edition_code="2020", note="试点反馈", by=OFFICER, at=AT)
    if changes:
        amend_scheme(scheme_set=made, item_number=5, changes=changes, by=OFFICER, at=AT)
    return made


def _codes(refused):
    return refused.value.codes()


def test_every_item_of_every_catalog_has_its_scheme(reference):
    """D/8"""
    for edition in ("2018", "2019", "2020"):
        kinds = {number: terms_for(edition, number, None).kind for number in range(1, 26)}
        assert sorted(number for number, kind in kinds.items() if kind == "device") == [5, 10, 14, 15, 16, 22, 23]
    outside = {number: terms_for("2020", number, None).outside_share for number in range(1, 26)}
    assert sorted(number for number, share in outside.items() if share == 1) == [22, 23]


def test_s19_4_4_4_an_application_keeps_the_scheme_it_was_made_under(reference):
    made = world.voucher()
    world.new_schemes(min_days=25, at=AT + timedelta(hours=1))
    assert (terms_of(made.voucher).min_days, terms_for("2020", 5, None).min_days) == (20, 25)
    made.voucher.arrived_at = AT + timedelta(hours=2)
    assert terms_of(made.voucher).min_days == 25
    set_up_source(voucher=made.voucher, supplier=made.voucher.supplier, devices=world.rows("A-1"), by=SYSTEM, at=AT)
    world.new_schemes(min_days=10, at=AT + timedelta(hours=1, minutes=30))
    assert terms_of(made.voucher).min_days == 25


def test_who_drafts_does_not_sign_and_nothing_is_in_force_before(reference):
    made = _draft(min_minutes=360)
    hand_in_schemes(scheme_set=made, by=OFFICER, at=AT)
    drafter = Actor(user_id=901, label="", roles=frozenset({"province_approver"}), organisation_kind="province")
    with pytest.raises(Refusal) as refused:
        sign_schemes(scheme_set=made, by=drafter, at=AT)
    assert _codes(refused) == ["policy.same_person"]
    with pytest.raises(Refusal) as refused:
        publish_schemes(scheme_set=made, by=APPROVER, at=AT)
    assert _codes(refused) == ["state.not_possible"]
    sign_schemes(scheme_set=made, by=APPROVER, at=AT)
    assert terms_for("2020", 5, None).min_minutes == 240
    publish_schemes(scheme_set=made, by=APPROVER, at=AT)
    assert terms_for("2020", 5, None).min_minutes == 360
    told = Entry.objects.filter(event="monitoring.scheme_amended").values_list("data", flat=True)
    assert list(told) == [{"item": 5, "changed": {"min_minutes": ["240", "360"]}}]


def test_what_is_handed_in_is_frozen_in_the_database_and_by_the_command(reference):
    made = _draft(min_days=22)
    hand_in_schemes(scheme_set=made, by=OFFICER, at=AT)
    with pytest.raises(Refusal) as refused:
        amend_scheme(scheme_set=made, item_number=5, changes={"min_days": 1}, by=OFFICER, at=AT)
    assert _codes(refused) == ["policy.frozen"]
    for change in (lambda: Scheme.objects.update(min_days=1), lambda: Scheme.objects.all().delete()):
        with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
            change()


def test_one_draft_at_a_time_and_never_an_unchanged_one(reference):
    made = _draft()
    with pytest.raises(Refusal) as refused:
        draft_schemes(edition_code="2020", note=" ", by=OFFICER, at=AT)
    assert _codes(refused) == ["scheme.open", "scheme.no_note"]
    with pytest.raises(Refusal) as refused:
        hand_in_schemes(scheme_set=made, by=OFFICER, at=AT)
    assert _codes(refused) == ["scheme.unchanged"]


def test_numbers_that_cannot_be_are_all_named(reference):
    with pytest.raises(Refusal) as refused:
        _draft(window_days=10, min_days=20, min_minutes=0, slot_minutes=7, late_days=5, outside_share=2)
    found = {(finding.code, finding.field) for finding in refused.value.findings}
    assert found == {
        ("scheme.days", "min_days"),
        ("scheme.minutes", "min_minutes"),
        ("scheme.slot", "slot_minutes"),
        ("scheme.late", "late_days"),
        ("scheme.bounds", "outside_share"),
    }


def test_the_defaults_of_the_fixture_are_possible(reference):
    assert [finding for row in Scheme.objects.all() for finding in check_scheme(row.kind, vars(row))] == []


def test_a_new_edition_gets_schemes_of_its_own_from_those_it_follows(reference):
    draft_edition(parent=published_edition("2020"), code="2021", title="2021 年", by=OFFICER, at=AT)
    made = draft_schemes(edition_code="2021", note="新一年", by=OFFICER, at=AT)
    assert (made.number, made.schemes.count(), terms_for("2021", 5, None).edition_code) == (1, 25, "2020")


def test_loading_again_leaves_what_the_province_has_put_in_force(reference):
    world.new_schemes(min_days=25)
    world.reference()
    assert terms_for("2020", 5, None).min_days == 25
    assert SchemeSet.objects.filter(edition_code="2020").count() == 2


def test_the_province_walks_it_in_pages_and_the_city_may_not(reference, now):
    clients = {}
    for role in (Role.PROVINCE_OFFICER, Role.PROVINCE_APPROVER):
        clients[role] = Client()
        clients[role].force_login(people.member(province_bureau(), str(role), role).user)
    officer, approver = clients[Role.PROVINCE_OFFICER], clients[Role.PROVINCE_APPROVER]
    made = officer.post("/province/schemes/", {"edition_code": "2020", "note": "改 6 小时"})
    page = made["Location"]
    item = officer.get(f"{page}items/5/").context["form"]
    typed = {name: str(field.initial) for name, field in item.fields.items()}
    wrong = officer.post(f"{page}items/5/", {**typed, "min_days": "99"})
    assert (wrong.status_code, "有效天数比观察天数还多" in wrong.content.decode()) == (422, True)
    assert officer.post(f"{page}items/5/", {**typed, "min_minutes": "360"})["Location"] == page
    assert [row["scheme"].item_number for row in officer.get(page).context["changed"]] == [5]
    assert officer.post(f"{page}hand-in/").status_code == 302
    assert officer.post(f"{page}sign/").status_code == 403
    for step in ("sign", "publish"):
        assert approver.post(f"{page}{step}/").status_code == 302
    assert terms_for("2020", 5, None).min_minutes == 360
    assert officer.get(f"{page}items/5/").status_code == 302
    supplier = Client()
    supplier.force_login(people.company(9, kind="supplier")[1].user)
    assert [supplier.get(path).status_code for path in ("/province/schemes/", page)] == [403, 403]
