"""The application form: every wrong input is refused on the page."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from suppliers.models import Product
from tests.journeys.wrong import SECOND, as_, at, refused
from tests.vouchers.shared_world import rolled_back
from tests.vouchers.world import GUANGZHOU, PDF, SHENZHEN, World, apply, make_enterprise, upload
from vouchers.models import ApplicationDraft, Voucher

ITEMS = (5, 7)
MEGABYTE = 1024 * 1024
KEPT = ("LD-2020-0416-03", "佛山市顺德区示例路 8 号", "软件订阅")


class Desk:
    """An enterprise with an open draft; `send` presses the button."""

    def __init__(self, world: World, actor, *, item: int = 7) -> None:
        self.world, self.client, self.product = world, as_(actor), world.products[item]
        begun = self.client.post(f"/enterprise/apply/start/{self.product.pk}/")
        self.address = begun["Location"]

    def typed(self, **changes):
        form = {
            "contract_number": "LD-2020-0416-03",
            "signed_on": "2020-04-16",
            "total": "300,000.00",
            "unrelated_amount": "",
            "devices": "",
            "place_city": "440600",
            "place": "佛山市顺德区示例路 8 号",
            "modules": list(self.product.modules[:4]),
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
            "file_kind": "contract",
            "idempotency_key": "k1",
            "action": "submit",
        }
        return form | changes

    def send(self, *, file=None, **changes):
        return self.client.post(self.address, self.typed(**changes) | {"file": file or upload()})


@pytest.fixture
def desk(world: World, enterprise) -> Desk:
    return Desk(world, enterprise[1])


WRONG = {
    "a contract signed a day too early": (
        {"signed_on": "2018-03-19"}, "S19/5.3.6", "最早要在 2018-03-20 签", "请用续签的合同", ("2018-03-19",)),
    "a contract of tomorrow": (
        {"signed_on": "2099-01-01"}, "S19/5.3.6", "还没有到", "先签合同，再申领", ("2099-01-01",)),
    "a module that is not the product's": (
        {"other_modules": "能耗看板"}, "S19/5.3.6", "“能耗看板”不在这个产品的备案模块里", "签补充合同去掉这一项", ("能耗看板",)),
    "no module at all": (
        {"modules": []}, "S19/5.3.6", "没有勾选功能模块", "请勾选合同写明交付的模块", ()),
    "cost lines above the contract": (
        {"costs-0-amount": "310,000.00"}, "S19/5.3.6", "多 10,000.00 元", "两边要一致", ("310,000.00",)),
    "cost lines below the contract": (
        {"costs-0-amount": "290,000.00"}, "S19/5.3.6", "少 10,000.00 元", "两边要一致", ("290,000.00",)),
    "more unrelated than the contract holds": (
        {"unrelated_amount": "300,000.01"}, "S19/5.3.6", "比合同总额 300,000.00 元 还多", "请核对两个金额", ("300,000.01",)),
    "unrelated parts that no line shows": (
        {"unrelated_amount": "5,000.00"}, "S19/5.3.6", "明细里无关内容合计", "无关内容在明细里单列一行", ("5,000.00",)),
    "no cost line": (
        {"costs-0-name": "", "costs-0-kind": "", "costs-0-amount": ""}, "S19/5.3.6", "没有填费用明细", "请按合同逐项填写", ()),
    "a place outside Guangdong": (
        {"place_city": "", "place": "长沙市示例路 8 号"}, "S19/4.3", "要在广东省内实施", "请选择实施地点所在的地市", ("长沙市示例路 8 号",)),
    "no declaration about other funds": (
        {"declares_no_other_funds": ""}, "S19/4.1.3", "没有声明", "确认属实后勾选", ()),
    "no commitment": (
        {"commits": ""}, "REF/2", "没有勾选承诺书", "读过承诺书后勾选", ()),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG, ids=[name.replace(" ", "-") for name in WRONG])
def test_a_wrong_form_is_refused_and_nothing_typed_is_lost(case: str, desk: Desk) -> None:
    changes, clause, reason, remedy, kept = WRONG[case]
    same = tuple(value for value in KEPT if value not in ("佛山市顺德区示例路 8 号", "软件订阅") or not changes)
    refused(desk.send(**changes), clause=clause, reason=reason, remedy=remedy, kept=(*same, *kept))
    assert Voucher.objects.count() == 0
    assert ApplicationDraft.objects.get().data["contract_number"] == "LD-2020-0416-03"


def test_what_is_no_number_is_refused_and_still_there(desk: Desk) -> None:
    answer = desk.send(total="三十万")
    assert (answer.status_code, "三十万" in answer.content.decode()) == (422, True)


def test_devices_are_asked_for_where_the_amount_counts_them(world: World, enterprise) -> None:
    desk = Desk(world, enterprise[1], item=5)
    refused(desk.send(), clause="S19/annex.5", reason="要知道接入多少台", remedy="请填合同约定接入的台数", kept=KEPT)


def test_a_contract_serves_one_voucher(world: World, enterprise) -> None:
    apply(world, *enterprise, item=5, total="300000.00", devices=60, contract_number="LD-2020-0416-03")
    answer = Desk(world, enterprise[1]).send()
    refused(answer, clause="S19/5.3.7", reason="一份合同一期只能申领一张", remedy="先撤回它再申领", kept=KEPT)


def test_a_product_that_left_the_pool_is_refused(world: World, desk: Desk) -> None:
    """The form takes the supplier from the product, so a product of another supplier can't be typed; one that is gone can."""
    Product.objects.filter(pk=desk.product.pk).update(state="delisted")
    refused(
        desk.send(), clause="S19/5.3.6", reason="没有选择产品", remedy="请先选合同里写的产品", kept=("LD-2020-0416-03",)
    )


def test_shenzhen_is_refused_in_2020(world: World) -> None:
    actor = make_enterprise(world, city=SHENZHEN, address="深圳市示例路 8 号")[1]
    answer = Desk(world, actor).send()
    refused(answer, clause="N20/2", reason="不面向深圳", remedy="请查询本市的政策", kept=KEPT)


def test_one_second_before_the_opening_is_too_early(world: World, enterprise) -> None:
    """The database's clock decides. A machine that needs longer than the second tries again."""
    period = world.period
    for attempt in range(6):
        with rolled_back(), at(period.apply_from - timedelta(minutes=1)):
            desk = Desk(world, enterprise[1])
            desk.send(idempotency_key=f"warm-{attempt}")
            with at(period.apply_from - SECOND):
                answer = desk.send(idempotency_key=f"early-{attempt}")
        if answer.status_code == 422:
            break
    refused(answer, clause=period.clause_id, reason="还没有开始", remedy="草稿", kept=KEPT)


def test_one_second_after_the_end_is_too_late(world: World, enterprise) -> None:
    with at(world.period.apply_to - timedelta(minutes=1)):
        desk = Desk(world, enterprise[1])
    with at(world.period.apply_to + SECOND):
        answer = desk.send()
    refused(answer, clause=world.period.clause_id, reason="截止", remedy="", kept=KEPT)
    assert Voucher.objects.count() == 0


# -- files -----------------------------------------------------------------------------------------------------------


def _file(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="application/pdf")


FILES = {
    "too large": (_file("合同.pdf", PDF + b"0" * (21 * MEGABYTE)), "超过", "分"),
    "a page that calls itself PDF": (
        _file("合同.pdf", b"<html><script>1</script></html>"),
        "实际内容是其他类型",
        "请另存为",
    ),
    "a program that calls itself PDF": (
        _file("合同.pdf", b"MZ\x90\x00" + bytes(300)),
        "实际内容是其他类型",
        "请另存为",
    ),
    "a picture that calls itself PDF": (
        _file("合同.pdf", b"\xff\xd8\xff\xe0" + bytes(300)),
        "文件名不是",
        "请改正文件名",
    ),
    "a PDF with a script in it": (_file("合同.pdf", PDF + b"/JavaScript (app.alert(1))"), "脚本", "请打印成 PDF"),
    "an empty file": (_file("合同.pdf", b""), "空", "请重新选择文件"),
}


@pytest.mark.parametrize("case", FILES, ids=[name.replace(" ", "-") for name in FILES])
def test_a_file_that_is_not_what_it_says_is_refused(case: str, desk: Desk) -> None:
    file, reason, remedy = FILES[case]
    file.seek(0)
    answer = desk.send(file=file)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert [words for words in (reason, remedy, *KEPT) if words not in page] == []
    assert ApplicationDraft.objects.get().files == []


def test_the_same_key_with_another_body_is_refused(world: World, enterprise) -> None:
    desk = Desk(world, enterprise[1])
    assert desk.send(idempotency_key="once").status_code == 302
    second = Desk(world, enterprise[1], item=5)
    answer = second.send(idempotency_key="once", contract_number="LD-9", devices="10")
    refused(answer, clause="D/once", reason="已用别的内容提交过", remedy="请重新打开表单", kept=("LD-9",))
    assert Voucher.objects.count() == 1


def test_the_same_form_sent_twice_makes_one_voucher(world: World, enterprise) -> None:
    desk = Desk(world, enterprise[1])
    file = {"file": upload()}
    assert desk.client.post(desk.address, desk.typed() | file).status_code == 302
    assert desk.client.post(desk.address, desk.typed()).status_code in (302, 404)
    assert Voucher.objects.count() == 1


def test_an_enterprise_elsewhere_is_reviewed_by_its_own_city(world: World) -> None:
    enterprise, actor = make_enterprise(world, city=GUANGZHOU)
    receipt = apply(world, enterprise, actor)
    foreign = as_(world.city("440600")["reviewer"])
    assert foreign.get(f"/city/applications/{receipt.voucher.pk}/").status_code == 404
