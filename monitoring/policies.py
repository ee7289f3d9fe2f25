"""May it happen now: every finding against it."""

from collections.abc import Sequence
from datetime import datetime

from monitoring.enums import PULL_WORDS, Outcome, PullCode, ReviewGround, ReviewState, SourceKind, SourceState
from monitoring.models import Pull, Review, SchemeSet, Source, Verdict
from monitoring.queries import devices_taken, terms_of
from monitoring.queries.pulls import networks_allowed
from monitoring.queries.schemes import changed_schemes, items_judged, open_scheme_set
from monitoring.rules.device_list import CLAUSE, DeviceRow, list_findings
from monitoring.rules.pull_address import endpoint_of, is_ip_address, may_be_asked
from monitoring.rules.records import device_key
from monitoring.rules.signature import SKEW_SECONDS, well_formed_nonce
from platform_site.kit.findings import Finding
from suppliers.models import Supplier
from vouchers.models import Voucher


def set_up_findings(voucher: Voucher, supplier: Supplier, devices: Sequence[DeviceRow]) -> list[Finding]:
    """Against setting up the interface of a voucher with these devices."""
    found = [] if voucher.supplier_id == supplier.pk else [_other_supplier()]
    return found + device_findings(voucher, devices, devices_wanted=terms_of(voucher).by_device)


def device_findings(voucher: Voucher, devices: Sequence[DeviceRow], *, devices_wanted: bool) -> list[Finding]:
    """Against the list, and against devices that serve another voucher (S19/4.1.4)."""
    keys = [device_key(row.device_id) for row in devices]
    taken = devices_taken(keys, voucher).values_list("device_id", flat=True)
    return list_findings(devices, devices_wanted=devices_wanted) + [_taken(key) for key in taken]


def source_findings(source: Source) -> list[Finding]:
    """Against receiving more data."""
    if source.state != SourceState.CLOSED:
        return []
    return [
        Finding(
            code="source.closed",
            clause="S19/5.4.13",
            title="监测已结束",
            reason="这张券的监测已经结束，不再接收数据。",
            remedy="停止发送；对结束有疑问的，请联系券所在地市。",
        )
    ]


def endpoint_findings(address: str) -> list[Finding]:
    """Against the form of a log endpoint; where its name leads is checked whenever it is asked."""
    endpoint, allowed = endpoint_of(address), networks_allowed()
    if endpoint is None or not (endpoint.secure or allowed):
        return [_endpoint(PullCode.ADDRESS_FORM)]
    if is_ip_address(endpoint.host) and not may_be_asked(endpoint.host, allowed):
        return [_endpoint(PullCode.ADDRESS_PRIVATE)]
    return []


def no_endpoint_findings(source: Source, pull: Pull | None) -> list[Finding]:
    """Against asking an endpoint that there is not."""
    if pull is not None and source.kind == SourceKind.SUPPLIER_PULL:
        return []
    return [
        Finding(
            code="pull.none",
            clause=CLAUSE,
            title="没有可拉取的接口",
            reason="这张券的数据由贵方推送，平台没有要拉取的接口。",
            remedy="要由平台拉取的，先把接入方式改为“平台拉取登录日志”并填写接口地址。",
        )
    ]


def time_findings(timestamp: str, nonce: str, at: datetime) -> list[Finding]:
    """Against the time and the form of the nonce of a signed call."""
    found = []
    if not (timestamp.isascii() and timestamp.isdigit()) or abs(int(timestamp[:12]) - at.timestamp()) > SKEW_SECONDS:
        found.append(
            Finding(
                code="timestamp.skew",
                clause=CLAUSE,
                title="时间不在允许范围",
                reason=f"时间戳与平台相差超过 {SKEW_SECONDS} 秒，或写法不对。平台时间 {int(at.timestamp())}。",
                remedy="校准服务器时钟，时间戳写 Unix 秒数，发送前再签名。",
            )
        )
    if not well_formed_nonce(nonce):
        found.append(
            Finding(
                code="nonce.form",
                clause=CLAUSE,
                title="随机数不合规",
                reason="随机数要有 16 到 64 个字母、数字或 . _ ~ -。",
                remedy="每次发送生成一个新的随机数，例如 UUID。",
            )
        )
    return found


def freeze_findings(verdict: Verdict | None) -> list[Finding]:
    """Against recomputing or freezing again."""
    if verdict is None or verdict.frozen_at is None:
        return []
    return [
        Finding(
            code="verdict.frozen",
            clause="S19/5.4.13",
            title="监测结论已固定",
            reason="作出兑现决定时，监测结论已经固定，不再重算。",
            remedy="按已固定的结论办理；发现虚假数据的，按抽查程序处理。",
        )
    ]


def _endpoint(code: PullCode) -> Finding:
    reason, remedy = PULL_WORDS[code]
    return Finding(
        code=code, clause=CLAUSE, title="接口地址不能用", reason=f"{reason}。", remedy=f"{remedy}。", field="address"
    )


def contest_findings(
    verdict: Verdict | None, open_ones: Sequence[Review], statement: str, *, has_evidence: bool
) -> list[Finding]:
    """Against contesting: there is a verdict that is not passed and not final, a reason, and evidence."""
    found = [*freeze_findings(verdict), *_nothing_to_contest(verdict), *_contested_already(open_ones)]
    if not statement.strip():
        found.append(_contest("no_reason", "没有写理由。", "写明哪些天、哪些设备不对，实际是怎样的。", "statement"))
    if not has_evidence:
        found.append(_contest("no_evidence", "没有附证据。", "附上日志、照片或系统截图。", "evidence"))
    return found


def explain_findings(review: Review, explanation: str) -> list[Finding]:
    """Against explaining: the platform asked, nobody has explained or answered yet."""
    found = []
    if review.ground != ReviewGround.DISAGREEMENT or review.state != ReviewState.OPEN or review.explanation:
        found.append(_contest("explained", "这件已经说明过，或已经答复。", "刷新页面看结果。"))
    if not explanation.strip():
        found.append(_contest("no_reason", "没有写说明。", "写明两边为什么不同。", "explanation"))
    return found


def answer_findings(answer: str) -> list[Finding]:
    """An answer without a reason is none."""
    if answer.strip():
        return []
    return [_contest("no_answer", "没有写答复的理由。", "写明核实了什么、依据是什么，双方都看得到。", "answer")]


def _nothing_to_contest(verdict: Verdict | None) -> list[Finding]:
    if verdict is not None and verdict.outcome != Outcome.PASSED:
        return []
    why = "还没有监测结论。" if verdict is None else "监测结论是“已达标”。"
    return [_contest("nothing", why, "结论每天夜里更新，有不同意见时再提。")]


def _contested_already(open_ones: Sequence[Review]) -> list[Finding]:
    if not open_ones:
        return []
    return [_contest("open", "已经提过，地市还没有答复。", "等地市答复；要补充材料，可以撤回重提。")]


def _contest(code: str, reason: str, remedy: str, field: str = "") -> Finding:
    return Finding(f"review.{code}", "S19/5.4.12", reason, remedy, field, title="没有提交")


def scheme_draft_findings(edition_code: str, note: str) -> list[Finding]:
    """Against drafting new schemes of an edition: one draft at a time, and it says what it is for."""
    found = []
    open_one = open_scheme_set(edition_code)
    if open_one is not None:
        reason = f"“{open_one}”还没有办完，状态是“{open_one.get_state_display()}”。"
        found.append(
            Finding("scheme.open", "D/8", reason, "请先办完或撤回那一份。", "edition_code", title="已有一份草稿")
        )
    if not note.strip():
        found.append(
            Finding("scheme.no_note", "D/8", "没有写要改什么。", "请写一句，复核的人要看。", "note", title="没有写说明")
        )
    return found


def unchanged_findings(scheme_set: SchemeSet, origin: SchemeSet | None) -> list[Finding]:
    """Against handing in what is the same as what is in force."""
    if origin is None or changed_schemes(scheme_set, origin):
        return []
    reason = f"和“{origin}”一样，没有改过。"
    return [Finding("scheme.unchanged", "D/8", reason, "请先改好数值再提交，或撤回草稿。", title="没有改动")]


def uncovered_findings(scheme_set: SchemeSet) -> list[Finding]:
    """Every item of the edition's catalog has its scheme."""
    known = set(scheme_set.schemes.values_list("item_number", flat=True))
    missing = [str(item.number) for item in items_judged(scheme_set.edition_code) if item.number not in known]
    if not missing:
        return []
    reason = f"目录第 {'、'.join(missing)} 项还没有方案。"
    return [Finding("scheme.uncovered", "D/8", reason, "请撤回后重新起草，会带上新的项目。", title="有项目没有方案")]


def _other_supplier() -> Finding:
    return Finding(
        code="source.other_supplier",
        clause=CLAUSE,
        title="不是这张券的供应商",
        reason="只有合同的供应商可以接入这张券的监测。",
        remedy="请由合同的供应商办理。",
    )


def _taken(device_id: str) -> Finding:
    return Finding(
        code="device.taken",
        clause="S19/4.1.4",
        title="设备已登记在另一张券上",
        reason=f"编号 {device_id} 已经用于另一张有效的券，一台设备只能用于一张券。",
        remedy="核对序列号；确实是这台设备的，请先由登记方移除，或从清单中去掉。",
        field="devices",
    )
