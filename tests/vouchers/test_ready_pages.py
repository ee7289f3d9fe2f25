"""Preparing, the press, the receipt and the public board, over HTTP."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.test import Client

from platform_site.kit import clock
from tests.vouchers.test_pages import fields_of, sign_in, started
from tests.vouchers.test_prepare import opens
from tests.vouchers.world import FOSHAN, World, apply, grant, make_enterprise, upload
from vouchers.models import ApplicationDraft, QuotaEvent, Voucher

HTMX = {"HX-Request": "true"}


@pytest.fixture
def enterprise(world: World):
    return make_enterprise(world)


@pytest.fixture
def client(enterprise) -> Client:
    return sign_in(enterprise[1])


@pytest.fixture(autouse=True)
def _fresh_cache() -> None:
    cache.clear()


def made_ready(client: Client, world: World) -> str:
    """The address of the page of what is ready."""
    draft = started(client, world)
    fields = fields_of(world, action="prepare") | {"file": upload(), "file_kind": "contract"}
    answer = client.post(f"/enterprise/apply/{draft.pk}/", fields)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    return answer["Location"]


def test_days_before_the_form_offers_to_check_and_shows_every_finding(world: World, client):
    opens(world, apply_from=clock.now() + timedelta(days=2))
    draft = started(client, world)
    page = client.get(f"/enterprise/apply/{draft.pk}/").content.decode()
    assert ("检查并备好" in page, 'value="submit"' in page) == (True, False)
    refused = client.post(f"/enterprise/apply/{draft.pk}/", fields_of(world, action="prepare", commits=""))
    assert refused.status_code == 422
    assert "还没有承诺" in refused.content.decode()
    assert "没有合同文件" in refused.content.decode()


def test_before_the_opening_the_button_waits_and_the_server_refuses_anyway(world: World, client):
    opens(world, apply_from=clock.now() + timedelta(hours=2))
    ready = made_ready(client, world)
    page = client.get(ready).content.decode()
    assert "data-press disabled" in page
    assert "210,000.00" in page
    refused = client.post(ready, {"idempotency_key": "k"})
    assert refused.status_code == 422
    assert "还没有开始受理" in refused.content.decode()
    assert "已备好" in client.get("/enterprise/vouchers/").content.decode()
    assert "已备好" in client.get("/enterprise/apply/").content.decode()


def test_one_press_leads_to_the_receipt_and_pressing_again_to_the_same(world: World, client):
    ready = made_ready(client, world)
    assert "data-press disabled" not in client.get(ready).content.decode()
    voucher = Voucher.objects.get()
    receipt = f"/enterprise/vouchers/{voucher.pk}/receipt/"
    pressed = client.post(ready, {"idempotency_key": "k"})
    assert (pressed.status_code, pressed["Location"]) == (302, receipt)
    assert client.post(ready, {"idempotency_key": "k"})["Location"] == receipt
    assert client.get(ready)["Location"] == receipt
    again = client.post(ready, {"idempotency_key": "other"}, headers=HTMX)
    assert (again.status_code, again["HX-Redirect"]) == (200, receipt)
    assert QuotaEvent.objects.filter(kind="arrive").count() == 1
    voucher = Voucher.objects.get()
    page = client.get(receipt).content.decode()
    assert voucher.receipt_no in page
    assert f"{voucher.arrived_at:%M:%S.%f}" in page
    assert "hx-trigger" not in client.get(receipt, headers=HTMX).content.decode()  # decided: asked for no more


def test_a_change_in_another_window_leads_the_press_back_to_the_form(world: World, client):
    ready = made_ready(client, world)
    draft = ApplicationDraft.objects.get()
    saved = client.post(f"/enterprise/apply/{draft.pk}/save/", fields_of(world, place="别处"))
    assert "已作废" in saved.content.decode()
    pressed = client.post(ready, {"idempotency_key": "k", "draft": draft.pk})
    assert pressed["Location"] == f"/enterprise/apply/{draft.pk}/"
    assert "重新“检查并备好”" in client.get(pressed["Location"]).content.decode()
    assert Voucher.objects.count() == 0


def test_after_closing_the_page_says_so(world: World, client):
    ready = made_ready(client, world)
    type(world.period).objects.filter(pk=world.period.pk).update(apply_to=clock.now() - timedelta(minutes=1))
    page = client.get(ready).content.decode()
    assert "已经截止" in page
    assert client.post(ready, {"idempotency_key": "k"}).status_code == 422


def test_what_is_ready_is_nobody_elses_business(world: World, client):
    ready = made_ready(client, world)
    pk = Voucher.objects.get().pk
    strangers = [make_enterprise(world)[1], world.city(FOSHAN)["reviewer"], world.supplier_actor, world.officer]
    assert [sign_in(one).get(ready).status_code for one in strangers] == [404, 403, 403, 403]
    assert sign_in(world.city(FOSHAN)["reviewer"]).get(f"/city/applications/{pk}/").status_code == 404


def test_a_receipt_that_waits_is_asked_for_ever_more_rarely(world: World, client, enterprise):
    grant(world, [(f"city:{FOSHAN}", Decimal("1.00"))])
    voucher = apply(world, *enterprise).voucher
    other = make_enterprise(world)
    apply(world, *other)
    page = sign_in(other[1]).get(f"/enterprise/vouchers/{Voucher.objects.latest('pk').pk}/receipt/").content.decode()
    assert "前面还有 1&nbsp;件" in page
    assert "前面还有 1 件共 210,000.00" in page
    assert "没有可以推算的依据" in page
    assert "delay:60s" in client.get(f"/enterprise/vouchers/{voucher.pk}/receipt/", headers=HTMX).content.decode()


def test_the_board_counts_the_queue_and_tells_no_single_amount(world: World, enterprise):
    grant(world, [(f"city:{FOSHAN}", Decimal("1.00"))])
    apply(world, *enterprise)
    page = Client().get("/queue/").content.decode()
    assert "件数少，不列" in page
    assert "210,000.00" not in page.partition("各市")[2]
    assert enterprise[0].name not in page
    before = page
    apply(world, *make_enterprise(world))
    assert Client().get("/queue/").content.decode().count("都已核定") == before.count("都已核定")


def test_the_clock_is_the_servers_and_never_kept(world: World):
    answer = Client().get("/clock/")
    assert abs((clock.now() - clock.now().fromisoformat(answer.json()["now"])).total_seconds()) < 5
    assert "no-store" in answer["Cache-Control"]
