"""Signs kept, decided, asked about and shown: to the province and the voucher's city, to nobody else."""

from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from ipaddress import ip_address, ip_network

import pytest
import python_calamine
import time_machine
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client

from monitoring import tasks
from monitoring.domain import (
    answer_question,
    ask_explanation,
    confirm_sign,
    dismiss_sign,
    fold,
    ingest,
    judge_adoption,
    look_again,
    propose_dismissal,
    remind_of_questions,
    reopen_sign,
    send_back_sign,
    simulate_fleet,
    simulate_season,
    take_up_sign,
)
from monitoring.domain.activity_rows import write_days
from monitoring.domain.keys import current_key
from monitoring.domain.simulate import body_of, plant_of, signed
from monitoring.domain.trace_days import trace_days
from monitoring.enums import SignKind
from monitoring.models import Mark, Sign, SignQuestion
from monitoring.queries import sign_pictures, verdict_of
from monitoring.queries.sign_facts import sign_terms
from monitoring.queries.signs import signs_visible_to
from monitoring.rules.factory_shapes import day_records
from monitoring.rules.payload import DayState
from platform_site.accounts.enums import Role
from platform_site.accounts.queries import bureau_of, province_bureau
from platform_site.audit.models import Entry
from platform_site.kit.findings import Refusal
from platform_site.messages.models import Message
from platform_site.outbox.domain import deliver_all
from tests.accounts import people
from tests.monitoring import world
from tests.monitoring.world import AT, SYSTEM
from tests.vouchers.shared_world import rolled_back
from tests.vouchers.world import PDF

LATER = AT + timedelta(hours=2)
OUTSIDE = "198.51.100.9"


@pytest.fixture
def officer(reference):
    return people.actor(people.member(province_bureau(), "officer", Role.PROVINCE_OFFICER))


@pytest.fixture
def colleague(reference):
    return people.actor(people.member(province_bureau(), "colleague", Role.PROVINCE_APPROVER))


def _season(made, address=""):
    """Thirty days up to yesterday, counted and judged."""
    simulate_season(
        source=made.source, first_day=AT.date() - timedelta(days=30), days=30, address=address, by=SYSTEM, at=AT
    )
    fold(at=AT)
    judge_adoption(voucher=made.voucher, by=SYSTEM, at=AT)


@pytest.fixture
def honest(reference, now):
    made = world.monitored(1, devices=6, amount="6000.00")
    _season(made)
    return made


@pytest.fixture
def abroad(reference, now):
    """Everything comes from another province."""
    made = world.monitored(2, devices=6, amount="6000.00")
    _season(made, OUTSIDE)
    return made


def _sign(made):
    look_again(voucher_id=made.voucher.pk, by=SYSTEM, at=AT)
    return Sign.objects.get(voucher=made.voucher)


# -- found, kept, faded ---------------------------------------------------------------------------------------------------


def test_the_nights_round_finds_what_is_strange_and_leaves_honest_use_alone(honest, abroad):
    assert tasks.look_at_all() == 1
    sign = Sign.objects.get()
    assert (sign.voucher, sign.kind, sign.score, sign.state) == (abroad.voucher, "outside", 100, "open")
    assert sign.evidence["addresses"] == [OUTSIDE]
    assert Entry.objects.filter(event="monitoring.sign_raised").count() == 1


def test_two_addresses_of_one_ipv6_line_are_one_mark_counted_once_a_day(reference, now):
    made = world.monitored(1, devices=2, amount="3000.00")
    day = AT.date() - timedelta(days=3)
    seen = {"2001:db8:0:7::1", "2001:db8:0:7::2", "192.0.2.7"}
    flags = bytearray(1440)
    flags[480] = 1
    write_days(made.source, "d", {(made.devices[0], day): DayState(flags, 1, seen)})
    trace_days(voucher_ids=[made.voucher.pk], at=AT)
    marks = Mark.objects.filter(kind="address").order_by("value")
    assert list(marks.values_list("value", "days")) == [("192.0.2.7", 1), ("2001:db8:0:7::/64", 1)]


def test_looking_again_brings_the_same_sign_up_to_date(abroad):
    first = _sign(abroad)
    look_again(voucher_id=abroad.voucher.pk, by=SYSTEM, at=LATER)
    again = Sign.objects.get()
    assert (again.pk, again.first_seen_at, again.last_seen_at) == (first.pk, AT, LATER)
    assert Entry.objects.filter(event="monitoring.sign_raised").count() == 1


def _copied_season(made, other):
    """The records of one voucher's machines, and the same minutes under the other's names."""
    plant = plant_of(made.voucher, AT.date() - timedelta(days=20), 20, seed="one")
    names = dict(zip(made.devices, other.devices, strict=True))
    for step in range(20):
        day = AT.date() - timedelta(days=20 - step)
        records = list(day_records(plant, day))
        renamed = [{**record, "device": names[record["device"]], "address": "192.0.2.99"} for record in records]
        for where, sent in ((made, records), (other, renamed)):
            if sent:
                request = signed(current_key(where.source), body_of(f"d-{step}", sent), AT)
                ingest(request=request, by=SYSTEM, at=AT)
    fold(at=AT)


def test_a_stream_sent_again_under_another_voucher_is_found_on_both_and_names_the_other(reference, now):
    one, other = (world.monitored(serial, devices=3, amount="3000.00") for serial in (1, 2))
    _copied_season(one, other)
    tasks.look_at_all()
    found = {sign.voucher_id: sign for sign in Sign.objects.filter(kind="copied")}
    pairs = {pk: sign.evidence["vouchers"] for pk, sign in found.items()}
    assert pairs == {one.voucher.pk: [other.voucher.pk], other.voucher.pk: [one.voucher.pk]}
    assert {sign.score for sign in found.values()} == {100}


def test_a_sign_no_longer_found_keeps_its_history_with_score_nought(abroad):
    sign = _sign(abroad)
    look_again(voucher_id=abroad.voucher.pk, by=SYSTEM, at=AT + timedelta(days=70))
    sign = Sign.objects.get(pk=sign.pk)
    assert (sign.score, sign.peak_score, sign.state) == (0, 100, "open")


# -- what it does to the verdict ------------------------------------------------------------------------------------------


def _passing_but_strange(reference):
    """Ten of twelve weeks' days from inside: passes, but the device list is shared with another enterprise."""
    one = world.monitored(3, devices=6, amount="6000.00")
    other = world.monitored(4, devices=6, amount="6000.00")
    del other
    _season(one)
    return one


def test_a_heavy_sign_makes_the_verdict_need_a_look_and_ruling_it_out_takes_it_back(reference, now, officer, colleague):
    made = _passing_but_strange(reference)
    assert verdict_of(made.voucher).outcome == "passed"
    sign = Sign.objects.create(
        voucher=made.voucher, kind="device", score=75, peak_score=75, first_seen_at=AT, last_seen_at=AT,
        evidence={"says": "同一台设备", "days": [], "subjects": [], "addresses": [], "vouchers": [], "figures": {"serials": []}},
    )  # fmt: skip
    verdict = judge_adoption(voucher=made.voucher, by=SYSTEM, at=AT)
    assert (verdict.outcome, [f["code"] for f in verdict.explanation["findings"]]) == ("look", ["adoption.signs_open"])
    propose_dismissal(sign=sign, reason="现场核对过序列号。", by=officer, at=LATER)
    assert judge_adoption(voucher=made.voucher, by=SYSTEM, at=LATER).outcome == "look"  # one person's word
    dismiss_sign(sign=sign, by=colleague, at=LATER)
    assert verdict_of(made.voucher).outcome == "passed"
    reopen_sign(sign=Sign.objects.get(), reason="又收到举报。", by=officer, at=LATER)
    assert verdict_of(made.voucher).outcome == "look"


def test_a_light_sign_and_a_sign_of_any_weight_never_refuse(reference, now):
    made = _passing_but_strange(reference)
    for kind, score in (("device", 45), ("address", 100)):
        Sign.objects.create(
            voucher=made.voucher, kind=kind, score=score, peak_score=score, first_seen_at=AT, last_seen_at=AT
        )
        expected = "look" if score >= 60 else "passed"
        assert judge_adoption(voucher=made.voucher, by=SYSTEM, at=AT).outcome == expected


def test_a_new_doubt_is_judged_by_the_outbox_without_waiting_for_the_night(abroad):
    assert verdict_of(abroad.voucher).explanation["findings"][0]["code"] == "adoption.address_outside"
    _sign(abroad)
    deliver_all(at=AT)
    codes = [finding["code"] for finding in verdict_of(abroad.voucher).explanation["findings"]]
    assert "adoption.signs_open" in codes


# -- decided --------------------------------------------------------------------------------------------------------------


def test_a_decision_needs_words_and_an_officer_of_the_province(abroad, officer):
    sign = _sign(abroad)
    with pytest.raises(Refusal) as refused:
        confirm_sign(sign=sign, reason="  ", by=officer, at=AT)
    assert refused.value.codes() == ["sign.no_reason"]
    reviewer = people.actor(people.member(bureau_of("440100"), "reviewer", Role.CITY_REVIEWER))
    for by in (reviewer, abroad.by, people.actor(abroad.enterprise)):
        with pytest.raises(PermissionDenied):
            propose_dismissal(sign=sign, reason="理由", by=by, at=AT)
    take_up_sign(sign=sign, by=officer, at=AT)
    confirmed = confirm_sign(sign=sign, reason="现场没有设备。", by=officer, at=LATER)
    assert (confirmed.state, confirmed.reason, confirmed.decided_by) == ("confirmed", "现场没有设备。", officer.user_id)
    with pytest.raises(Refusal) as refused:
        take_up_sign(sign=sign, by=officer, at=LATER)
    assert refused.value.codes() == ["state.not_possible"]


def test_ruling_a_sign_out_takes_two_people(abroad, officer, colleague):
    """D/four_eyes"""
    sign = _sign(abroad)
    propose_dismissal(sign=sign, reason="总部专线出口在外省。", by=officer, at=AT)
    for again in (dismiss_sign, lambda **who: send_back_sign(reason="再查", **who)):
        with pytest.raises(Refusal) as refused:
            again(sign=sign, by=officer, at=AT)
        assert refused.value.codes() == ["sign.same_person"]
    sent_back = send_back_sign(sign=sign, reason="没有附专线合同。", by=colleague, at=AT)
    assert (sent_back.state, sent_back.reason) == ("looked_at", "没有附专线合同。")
    assert Message.objects.filter(user_id=officer.user_id, title__contains="疑点排除退回").count() == 1
    propose_dismissal(sign=sign, reason="专线合同已核对。", by=officer, at=AT)
    done = dismiss_sign(sign=sign, by=colleague, at=LATER)
    assert (done.state, done.reason, done.proposed_by, done.decided_by) == (
        "dismissed", "专线合同已核对。", officer.user_id, colleague.user_id
    )  # fmt: skip
    with pytest.raises(IntegrityError, match="sign_ruled_out_by_two"), transaction.atomic():
        Sign.objects.filter(pk=sign.pk).update(decided_by=officer.user_id)


def test_what_is_proposed_to_be_ruled_out_may_still_be_confirmed(abroad, officer, colleague):
    sign = _sign(abroad)
    propose_dismissal(sign=sign, reason="总部专线出口在外省。", by=officer, at=AT)
    assert confirm_sign(sign=sign, reason="专线是假的。", by=colleague, at=LATER).state == "confirmed"


def test_a_dismissed_sign_opens_again_only_when_it_has_grown(abroad, officer, colleague):
    sign = _sign(abroad)
    propose_dismissal(sign=sign, reason="总部专线出口在外省。", by=officer, at=AT)
    dismiss_sign(sign=sign, by=colleague, at=AT)
    look_again(voucher_id=abroad.voucher.pk, by=SYSTEM, at=LATER)
    assert Sign.objects.get().state == "dismissed"
    Sign.objects.update(dismissed_score=80)
    look_again(voucher_id=abroad.voucher.pk, by=SYSTEM, at=LATER)
    assert (Sign.objects.get().state, Sign.objects.get().dismissed_score) == ("open", None)


# -- asked and answered ---------------------------------------------------------------------------------------------------


def test_who_is_asked_reads_the_question_without_score_and_answers_once(abroad, officer):
    _sign(abroad)
    question = ask_explanation(voucher=abroad.voucher, side="enterprise", text="设备装在哪里？", by=officer, at=AT)
    assert question.due_at.date() == date(2020, 11, 19)  # five working days after a Thursday
    assert Message.objects.get(user_id=abroad.enterprise.user_id, title__contains="请在").body == "设备装在哪里？"
    with pytest.raises(Refusal) as refused:
        ask_explanation(voucher=abroad.voucher, side="enterprise", text="还有？", by=officer, at=AT)
    assert refused.value.codes() == ["question.open"]
    client = Client()
    client.force_login(abroad.enterprise.user)
    page = client.get(f"/enterprise/questions/{question.pk}/").content.decode()
    assert "设备装在哪里？" in page
    assert [word for word in ("省外地址", "100 分", "疑点") if word in page] == []
    paper = SimpleUploadedFile("位置.pdf", PDF, content_type="application/pdf")
    sent = client.post(f"/enterprise/questions/{question.pk}/", {"text": "总部专线。", "file": paper})
    assert sent.status_code == 302
    question = SignQuestion.objects.get()
    assert (question.state, question.answer, question.file.name) == ("answered", "总部专线。", "位置.pdf")
    with pytest.raises(Refusal):
        answer_question(question=question, text="再说一次", by=people.actor(abroad.enterprise), at=AT)


def test_a_late_answer_is_taken_and_strangers_find_no_question(abroad, honest, officer):
    question = ask_explanation(voucher=abroad.voucher, side="supplier", text="为什么？", by=officer, at=AT)
    for stranger in (honest.supplier, abroad.enterprise, honest.enterprise):
        client, portal = Client(), stranger.organisation.kind
        client.force_login(stranger.user)
        assert client.get(f"/{portal}/questions/{question.pk}/").status_code == 404
        with pytest.raises(PermissionDenied):
            answer_question(question=question, text="我来说", by=people.actor(stranger), at=AT)
    late = AT + timedelta(days=30)
    assert answer_question(question=question, text="网关在外地。", by=abroad.by, at=late).answered_at == late


def test_a_question_nobody_answers_is_reminded_of_before_its_end_and_told_to_the_asker_after_it(
    abroad, honest, officer
):
    """S19/5.4.12"""
    question = ask_explanation(voucher=abroad.voucher, side="supplier", text="为什么？", by=officer, at=AT)
    other = ask_explanation(voucher=honest.voucher, side="enterprise", text="在哪里？", by=officer, at=AT)
    answer_question(question=other, text="在佛山。", by=people.actor(honest.enterprise), at=LATER)

    def told(at):
        """Whom the reminders of this hour reach; the second of the hour says nothing new."""
        before = Message.objects.filter(key__startswith="question:").count()
        for step in (0, 5):
            remind_of_questions(by=SYSTEM, at=at + timedelta(minutes=step))
        found = Message.objects.filter(key__startswith="question:").order_by("pk")[before:]
        return [(one.user_id, one.title.partition("：")[2]) for one in found]

    supplier = abroad.supplier.user_id
    assert told(question.due_at - timedelta(days=3)) == []
    assert told(question.due_at - timedelta(hours=20)) == [(supplier, "快到说明期限")]
    assert told(question.due_at + timedelta(hours=1)) == [
        (supplier, "说明期限已过"),
        (officer.user_id, "供应商到期没有说明"),
    ]
    assert told(question.due_at + timedelta(days=9)) == []
    answer_question(question=question, text="网关在外地。", by=abroad.by, at=question.due_at + timedelta(days=10))
    assert remind_of_questions(by=SYSTEM, at=question.due_at + timedelta(days=11)) == 0
    with pytest.raises(PermissionDenied):
        remind_of_questions(by=officer, at=AT)


# -- seen -----------------------------------------------------------------------------------------------------------------


def test_province_and_auditor_see_all_a_city_its_own_and_the_people_concerned_nothing(abroad, officer):
    _sign(abroad)
    auditor = people.member(province_bureau(), "auditor", Role.AUDITOR)
    own = people.member(bureau_of("440100"), "own", Role.CITY_REVIEWER)
    other = people.member(bureau_of("440600"), "other", Role.CITY_REVIEWER)
    admin = people.member(province_bureau(), "admin", Role.SYSTEM_ADMIN)
    seen = [signs_visible_to(people.actor(one)).count() for one in (auditor, own, other, admin)]
    assert seen == [1, 1, 0, 0]
    assert [signs_visible_to(one).count() for one in (officer, abroad.by, people.actor(abroad.enterprise))] == [1, 0, 0]


@pytest.fixture(scope="module")
def fleet(django_db_setup, django_db_blocker):
    """A small fleet with its signs, for the pages."""
    with django_db_blocker.unblock(), rolled_back(), time_machine.travel(AT, tick=False):
        world.reference()
        run = simulate_fleet(vouchers=54, seed="pages", days=30, by=SYSTEM, at=AT)
        people.member(province_bureau(), "officer", Role.PROVINCE_OFFICER)
        client = Client()
        client.force_login(province_bureau().memberships.get().user)
        yield run, client


def test_the_list_ranks_narrows_pages_and_goes_to_excel(fleet):
    _, client = fleet
    page = client.get("/province/monitoring/")
    ranks = [(row["top"], row["total"], row["voucher"].pk) for row in page.context["rows"]]
    assert (len(ranks), ranks) == (20, sorted(ranks, reverse=True))
    following = client.get(f"/province/monitoring/?after={ranks[-1][2]}")
    further = [(row["top"], row["total"], row["voucher"].pk) for row in following.context["rows"]]
    assert max(further) < min(ranks)
    back = client.get(f"/province/monitoring/?before={further[0][2]}")
    assert [row["voucher"].pk for row in back.context["rows"]] == [rank[2] for rank in ranks]
    only = client.get("/province/monitoring/?kind=copied")
    assert all("copied" in [sign.kind for sign in row["signs"]] for row in only.context["rows"])
    book = client.get("/province/monitoring/?export=1&kind=copied")
    rows = python_calamine.CalamineWorkbook.from_filelike(BytesIO(book.content)).get_sheet_by_index(0).to_python()
    assert {row[6] for row in rows[1:]} == {"数据流雷同"}
    assert len(rows) - 1 == Sign.objects.filter(kind="copied", score__gt=0).count()


@pytest.mark.parametrize("kind", ["copied", "regular", "address", "device", "backfill", "outside", "contradicted"])
def test_every_kind_of_evidence_is_drawn(fleet, kind):
    _, client = fleet
    sign = Sign.objects.filter(kind=kind, score__gt=0).select_related("voucher").first()
    page = client.get(f"/province/monitoring/{sign.voucher.number}/")
    view = next(one["view"] for one in page.context["signs"] if one["view"].sign.kind == kind)
    drawn = {"pairs": view.pairs, "grids": view.grids, "chart": view.chart, "devices": view.devices}
    expected = {"copied": "pairs", "device": "devices", "backfill": "chart"}.get(kind, "grids")
    assert [name for name, value in drawn.items() if value] == [expected]
    if kind == "copied":
        pair = view.pairs[0]
        assert pair.other_voucher.pk in sign.evidence["vouchers"]
        assert any(cell != "0" for row in pair.other.rows for cell in row.cells)


def test_the_two_heat_maps_of_a_copy_show_the_same_hours(fleet):
    _, client = fleet
    sign = next(
        one
        for one in Sign.objects.filter(kind="copied").select_related("voucher")
        if any(pair["shift"] == 0 for pair in one.evidence["figures"]["pairs"][:1])
    )
    page = client.get(f"/province/monitoring/{sign.voucher.number}/")
    pair = next(one["view"] for one in page.context["signs"] if one["view"].sign.kind == "copied").pairs[0]
    assert [row.cells for row in pair.own.rows] == [row.cells for row in pair.other.rows]


def test_the_graph_and_its_table_show_the_same(fleet):
    _, client = fleet
    page = client.get("/province/monitoring/graph/")
    found = page.context["found"]
    drawn = {point["name"] for series in page.context["chart"]["option"]["series"][1:3] for point in series["data"]}
    assert {one.value for one in found} == drawn
    assert {one.kind for one in found} == {"address", "device"}
    only = client.get("/province/monitoring/graph/?kind=address&least=6")
    assert {(one.kind, one.enterprises >= 6) for one in only.context["found"]} == {("address", True)}


@pytest.mark.parametrize(("beside", "kept"), [(0, False), (8, True)])
def test_networks_that_many_share_by_their_nature_are_not_drawn(fleet, monkeypatch, beside, kept):
    """To the bit: eight addresses, or the eight after them."""
    _, client = fleet

    def drawn():
        return {one.value for one in client.get("/province/monitoring/graph/?kind=address").context["found"]}

    shared = min(drawn())
    network = ip_network((int(ip_address(shared)) + beside, 29), strict=False)
    terms = sign_terms()
    limits = {**terms.limits, SignKind.ADDRESS: {**terms.limits[SignKind.ADDRESS], "shared": [str(network)]}}
    monkeypatch.setattr(sign_pictures, "sign_terms", lambda: replace(terms, limits=limits))
    assert (shared in drawn()) == kept


def test_an_officer_takes_up_dismisses_asks_and_looks_again_on_the_page(fleet):
    _, client = fleet
    sign = Sign.objects.filter(kind="regular", state="open").select_related("voucher").first()
    base = f"/province/monitoring/{sign.voucher.number}/"
    assert client.post(f"{base}signs/{sign.pk}/take-up/").status_code == 302
    empty = client.post(f"{base}signs/{sign.pk}/dismiss/", {"reason": "", "version": 2})
    assert (empty.status_code, Sign.objects.get(pk=sign.pk).state) == (422, "looked_at")
    stale = client.post(f"{base}signs/{sign.pk}/dismiss/", {"reason": "看过", "version": 1})
    assert (stale.status_code, [one.code for one in stale.context["findings"]]) == (422, ["stale"])
    assert client.post(f"{base}signs/{sign.pk}/dismiss/", {"reason": "看过", "version": 2}).status_code == 302
    own = client.post(f"{base}signs/{sign.pk}/sign/")
    assert (own.status_code, [one.code for one in own.context["findings"]]) == (422, ["sign.same_person"])
    assert sign.voucher.number in client.get("/province/monitoring/?view=sign").content.decode()
    other = Client()
    other.force_login(people.member(province_bureau(), "second", Role.PROVINCE_APPROVER).user)
    assert "同意排除" in other.get(base).content.decode()
    assert "同意排除" not in client.get(base).content.decode()
    assert other.post(f"{base}signs/{sign.pk}/sign/").status_code == 302
    assert Sign.objects.get(pk=sign.pk).state == "dismissed"
    assert client.post(f"{base}ask/", {"side": "supplier", "text": "为什么天天一样？"}).status_code == 302
    again = client.post(f"{base}ask/", {"side": "supplier", "text": "还有"})
    assert (again.status_code, "上一个问题还没有答复" in again.content.decode()) == (422, True)
    assert client.post(f"{base}look/").status_code == 302
    assert client.post(f"{base}signs/{sign.pk}/burn/").status_code == 404
