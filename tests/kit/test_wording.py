"""How numbers, money, times, clauses and queries are written."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.test import RequestFactory

from platform_site.kit.clause_names import chinese_number, clause_name
from platform_site.kit.findings import Finding
from platform_site.kit.forms import MoneyFormField, PlatformForm
from platform_site.kit.marks import fingerprint_svg, grouped, qr_svg
from platform_site.kit.templatetags import wording


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("S19/4.4.2", "2019方案 四(四)2"),
        ("S19/5.3.6", "2019方案 五(三)6"),
        ("S19/5.7.26", "2019方案 五(七)26"),
        ("S19/7.4.1-3", "2019方案 七(四)1–3"),
        ("S19/8", "2019方案 八"),
        ("S19/annex.5", "2019目录 第5项"),
        ("S19/annex.note2", "2019目录 说明2"),
        ("N20/4", "2020通知 四"),
        ("N20/5.1", "2020通知 五(一)"),
        ("T18/4.4.2", "2018方案 四(四)2"),
        ("P18/annex1.3", "2018资源池 附件1 第3项"),
        ("P18/2.4", "2018资源池 二(四)"),
        ("D/4", "平台规则 4"),
        ("别的", "别的"),
    ],
)
def test_a_rule_key_is_read_as_people_quote_it(key: str, name: str) -> None:
    assert clause_name(key) == name


def test_numerals_above_ten_are_written_in_full() -> None:
    assert [chinese_number(n) for n in (1, 10, 11, 20, 26, 100)] == ["一", "十", "十一", "二十", "二十六", "100"]


def test_money_always_has_two_places_and_a_unit_that_does_not_break_off() -> None:
    assert wording.yuan(Decimal("36800")) == "36,800.00"
    assert wording.yuan(Decimal("-5.5")) == "−5.50"
    assert wording.yuan(None) == "—"
    assert wording.yuan_unit(Decimal("36800")) == "36,800.00\u00a0元"
    assert wording.yuan_int(Decimal("1500.00")) == "1,500"
    assert wording.yuan_int(Decimal("1500.50")) == "1,500.50"
    assert wording.wan(Decimal("3363000")) == "336.3"


def test_shares_are_written_as_percent() -> None:
    assert wording.percent(Decimal("0.7")) == "70%"
    assert wording.percent(Decimal("0.711"), 1) == "71.1%"
    assert wording.share_of(81950, 148000) == "55.4"
    assert wording.share_of(1, 0) == "0"


def test_times_are_those_of_shanghai() -> None:
    at = datetime(2020, 5, 28, 2, 12, 47, 318004, tzinfo=UTC)
    assert wording.moment(at) == "2020-05-28 10:12"
    assert wording.moment_s(at) == "2020-05-28 10:12:47"
    assert wording.moment_us(at) == "2020-05-28 10:12:47.318004"
    assert wording.day(datetime(2020, 5, 28, 16, 30, tzinfo=UTC)) == "2020-05-29"
    assert wording.day(date(2020, 5, 28)) == "2020-05-28"
    assert wording.moment(None) == "—"


def test_a_query_keeps_the_other_filters() -> None:
    request = RequestFactory().get("/list/?due=5d&owner=me&owner=none&after=x")
    context = Context({"request": request})
    assert wording.query(context, after=None, page=2) == "?due=5d&owner=me&owner=none&page=2"
    assert wording.page_query(context, "before", "y", "after") == "?due=5d&owner=me&owner=none&before=y"


@pytest.mark.parametrize(("left", "text"), [(3, "剩"), (0, "今天到期"), (-2, "逾期"), (None, "没有期限")])
def test_a_deadline_says_how_it_stands(left: int | None, text: str) -> None:
    assert wording.due_look(left)["text"] == text


def test_every_rendering_of_a_form_has_its_own_key() -> None:
    template = Template("{% idempotency_key %}")
    assert template.render(Context()) != template.render(Context())


def test_text_of_a_person_is_never_markup() -> None:
    assert wording.lines("<b>\n&") == "&lt;b&gt;<br>&amp;"


class _ContractForm(PlatformForm):
    total = MoneyFormField(label="合同总额")


def test_money_is_understood_as_people_type_it() -> None:
    form = _ContractForm({"total": " １86,000.00元 "})
    assert form.is_valid()
    assert form.cleaned_data["total"] == Decimal("186000.00")


def test_a_finding_keeps_its_clause_and_remedy_in_the_form() -> None:
    form = _ContractForm({"total": "1"})
    finding = Finding("x", "N20/4", "按 70% 计算后不足。", "请核对。", "total", title="金额太小")
    form.add_findings([finding, Finding("y", "D/4", "额度不够。", "等候。")])
    problems = wording.form_problems(form)
    assert [(p["title"], p["reason"], p["clause"], p["target"]) for p in problems] == [
        ("", "额度不够。", "D/4", ""),
        ("金额太小", "按 70% 计算后不足。", "N20/4", "id_total"),
    ]


def test_what_is_missing_is_asked_for_by_name() -> None:
    form = _ContractForm({})
    assert form.errors["total"] == ["请填写“合同总额”。"]


def test_the_fingerprint_picture_is_mirrored_and_changes_with_its_digits() -> None:
    one = fingerprint_svg("3a197043e50f84a7884080e82820c2bc")
    other = fingerprint_svg("4a197043e50f84a7884080e82820c2bc")
    assert one != other
    assert one.count('x="1"') == one.count('x="61"')
    assert grouped("3a197043") == "3a19 7043"


def test_a_qr_code_is_an_inline_picture_with_a_name() -> None:
    svg = qr_svg("https://example.cn/verify/1", "查验二维码")
    assert svg.startswith('<svg role="img" aria-label="查验二维码"')
