"""The pages of the voucher floor, over HTTP, with the people who use them."""

from decimal import Decimal

import pytest
from django.test import Client

from platform_site.accounts.models import User
from platform_site.kit import clock
from tests.vouchers.world import FOSHAN, World, apply, make_enterprise, make_form, upload
from vouchers import domain
from vouchers.models import ApplicationDraft, Voucher


def sign_in(actor) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=actor.user_id), backend="platform_site.accounts.backends.SignInBackend")
    return client


@pytest.fixture
def enterprise(world: World):
    return make_enterprise(world)


def fields_of(world: World, **changes) -> dict[str, str | list[str]]:
    """The form as a browser sends it, without fault."""
    form = {
        "contract_number": "LD-2020-0416-03",
        "signed_on": "2020-04-16",
        "total": "300,000.00",
        "unrelated_amount": "",
        "devices": "",
        "place_city": FOSHAN,
        "place": "佛山市顺德区示例路 8 号",
        "modules": list(world.products[7].modules[:3]),
        "other_modules": "",
        "costs-TOTAL_FORMS": "2",
        "costs-INITIAL_FORMS": "0",
        "costs-0-name": "软件订阅",
        "costs-0-kind": "application",
        "costs-0-amount": "300,000.00",
        "costs-1-name": "",
        "costs-1-kind": "",
        "costs-1-amount": "",
        "declares_no_other_funds": "on",
        "commits": "on",
        "idempotency_key": "k1",
    }
    return form | changes


def started(client: Client, world: World) -> ApplicationDraft:
    client.post(f"/enterprise/apply/start/{world.products[7].pk}/")
    return ApplicationDraft.objects.get()


def test_an_enterprise_takes_one_application_through_the_form(world: World, enterprise):
    client = sign_in(enterprise[1])
    assert client.get("/enterprise/apply/", {"q": "云应用"}).status_code == 200
    draft = started(client, world)
    address = f"/enterprise/apply/{draft.pk}/"
    assert client.get(address).status_code == 200
    answer = client.post(f"{address}save/", fields_of(world))
    assert "210,000.00" in answer.content.decode()
    sent = client.post(address, fields_of(world, action="submit") | {"file": upload(), "file_kind": "contract"})
    assert sent.status_code == 302, sent.content.decode()[:3000]
    voucher = Voucher.objects.get()
    assert (voucher.state, voucher.amount) == ("under_review", Decimal("210000.00"))
    page = client.get(f"/enterprise/vouchers/{voucher.pk}/")
    assert voucher.receipt_no in page.content.decode()
    assert client.get(f"/enterprise/vouchers/{voucher.pk}/receipt/").status_code == 200
    assert client.get("/enterprise/vouchers/").status_code == 200


def test_a_refused_form_keeps_everything_that_was_typed(world: World, enterprise):
    client = sign_in(enterprise[1])
    draft = started(client, world)
    typed = fields_of(world, signed_on="2018-03-19", other_modules="能耗看板", total="三十万", action="submit")
    first = client.post(f"/enterprise/apply/{draft.pk}/", typed)
    assert first.status_code == 422
    for text in ("LD-2020-0416-03", "2018-03-19", "能耗看板", "三十万"):
        assert text in first.content.decode()
    second = client.post(f"/enterprise/apply/{draft.pk}/", typed | {"total": "300000"})
    body = second.content.decode()
    assert second.status_code == 422
    assert "合同签得太早" in body
    assert "“能耗看板”不在备案模块里" in body
    assert Voucher.objects.count() == 0
    assert ApplicationDraft.objects.get().data["other_modules"] == "能耗看板"


def test_the_city_works_its_list_down(world: World, enterprise):
    receipt = apply(world, *enterprise)
    city, pk = world.city(FOSHAN), receipt.voucher.pk
    reviewer, approver = sign_in(city["reviewer"]), sign_in(city["approver"])
    for view in ("", "sign", "returned", "waiting", "issued", "ended", "all"):
        assert reviewer.get("/city/applications/", {"view": view, "q": "机械", "due": "late"}).status_code == 200
    assert reviewer.get("/city/applications/", {"export": "1"})["Content-Type"].startswith("application/vnd")
    assert reviewer.get(f"/city/applications/{pk}/").status_code == 200
    done = reviewer.post("/city/applications/bulk/", {"ids": [pk], "action": "approve"})
    assert "办了 1 件" in done.content.decode()
    assert approver.get(f"/city/applications/{pk}/").status_code == 200
    assert approver.post(f"/city/applications/{pk}/", {"action": "sign"}).status_code == 302
    assert Voucher.objects.get(pk=pk).state == "issued"
    assert reviewer.get("/city/quota/").status_code == 200


def test_a_return_from_the_page_names_every_reason_and_the_enterprise_corrects_it(world: World, enterprise):
    receipt = apply(world, *enterprise)
    pk = receipt.voucher.pk
    reviewer, client = sign_in(world.city(FOSHAN)["reviewer"]), sign_in(enterprise[1])
    none = reviewer.post(f"/city/applications/{pk}/", {"action": "return", "own": ""})
    assert none.status_code == 422
    reasons = {"action": "return", "own": "合同第 2 页没有盖章\n费用明细与合同附件不一致"}
    assert reviewer.post(f"/city/applications/{pk}/", reasons).status_code == 302
    assert "合同第 2 页没有盖章" in client.get(f"/enterprise/vouchers/{pk}/").content.decode()
    opened = client.post(f"/enterprise/vouchers/{pk}/correct/")
    number = receipt.voucher.contract.number
    fields = fields_of(world, contract_number=number, action="submit", idempotency_key="k2")
    sent = client.post(opened["Location"], fields)
    assert sent.status_code == 302, sent.content.decode()[:3000]
    assert Voucher.objects.get(pk=pk).state == "under_review"


def test_the_profile_is_filled_in_handed_in_and_reviewed(world: World):
    enterprise, actor = make_enterprise(world, submitted=False, authorisation_file_id=None, industry_code="")
    client, reviewer = sign_in(actor), sign_in(world.city(FOSHAN)["reviewer"])
    page = client.get("/enterprise/profile/")
    assert page.status_code == 200
    typed = {
        "address": "示例路 9 号", "kind": "manufacturing", "industry_code": "", "business_scope": "五金",
        "founded_on": "2010-05-01",
        "contact_name": "梁工", "contact_phone": "13800000000", "commitment": "on", "action": "submit",
    }  # fmt: skip
    refused = client.post("/enterprise/profile/", typed)
    assert refused.status_code == 422
    assert "示例路 9 号" in refused.content.decode()
    declared = {"industry_code": "33", "declared_no_violation": "on", "declared_no_other_funds": "on"}
    assert client.post("/enterprise/profile/", typed | declared).status_code == 302
    assert reviewer.get("/city/enterprises/").status_code == 200
    assert reviewer.get(f"/city/enterprises/{enterprise.pk}/").status_code == 200
    assert reviewer.post(f"/city/enterprises/{enterprise.pk}/", {"action": "approve"}).status_code == 302
    enterprise.refresh_from_db()
    assert enterprise.state == "approved"
    assert client.post("/enterprise/profile/reopen/").status_code == 302


def test_the_province_drafts_signs_and_reads_the_ledger(world: World, enterprise):
    apply(world, *enterprise)
    officer, approver = sign_in(world.officer), sign_in(world.approver)
    assert officer.get("/province/quota/").status_code == 200
    assert officer.get("/province/quota/plans/new/").status_code == 200
    form = {"title": "追加", "reason": "进度快", f"d:city:{FOSHAN}": "6000000"}
    drafted = officer.post("/province/quota/plans/new/", form)
    assert drafted.status_code == 302
    assert approver.get(drafted["Location"]).status_code == 200
    assert approver.post(drafted["Location"], {"action": "sign"}).status_code == 302
    transfer = {"source": f"city:{FOSHAN}", "target": "city:440100", "amount": "9000000", "reason": "进度慢"}
    assert officer.post("/province/quota/transfer/", transfer).status_code == 422
    assert officer.get("/province/quota/movements/").status_code == 200
    assert officer.get("/province/enterprises/", {"city": FOSHAN}).status_code == 200
    assert officer.get(f"/province/enterprises/{enterprise[0].pk}/").status_code == 200
    assert Client().get("/queue/").status_code == 200


def test_a_foreign_voucher_is_not_found(world: World, enterprise):
    receipt = apply(world, *enterprise)
    stranger = make_enterprise(world)[1]
    pk = receipt.voucher.pk
    assert sign_in(stranger).get(f"/enterprise/vouchers/{pk}/").status_code == 404
    elsewhere = world.city("440100")["reviewer"]
    assert sign_in(elsewhere).get(f"/city/applications/{pk}/").status_code == 404
    draft = domain.save_draft(enterprise=enterprise[0], period=world.period, data={}, by=enterprise[1], at=clock.now())
    assert sign_in(stranger).get(f"/enterprise/apply/{draft.pk}/").status_code == 404
    assert make_form(world, stranger).product_id == world.products[7].pk
