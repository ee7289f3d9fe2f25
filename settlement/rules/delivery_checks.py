"""Checks of what was delivered and of the papers: acceptance report, item's demands, account, bonus proof."""

from collections.abc import Iterator

from platform_site.kit.findings import Finding
from settlement.rules.claim import ClaimCase, ClaimTerms, plain_name
from settlement.rules.wording import day_in_shanghai


def _acceptance(case: ClaimCase, terms: ClaimTerms) -> Iterator[Finding]:
    clause = terms.clause("acceptance")
    if case.accepted_on is None or "acceptance" not in case.files:
        yield Finding(
            "acceptance.missing",
            clause,
            "没有填验收日期，或没有上传验收报告。",
            "验收报告要列明交付的模块和设备，双方盖章后上传。",
            "accepted_on",
            title="缺验收报告",
        )
    elif case.accepted_on > day_in_shanghai(case.at) or case.accepted_on < case.signed_on:
        yield Finding(
            "acceptance.day",
            clause,
            f"验收日期 {case.accepted_on}，合同签订日期 {case.signed_on}。",
            "验收要在签合同之后、提交之前，请核对日期。",
            "accepted_on",
            title="验收日期不对",
        )
    yield from _modules(case, clause)


def _modules(case: ClaimCase, clause: str) -> Iterator[Finding]:
    required = [name for name in case.contract_modules if name not in case.optional_modules]
    missing = [name for name in required if name not in case.delivered_modules]
    extra = [name for name in case.delivered_modules if name not in case.contract_modules]
    if missing:
        yield Finding(
            "acceptance.modules_missing",
            clause,
            f"合同中的 {'、'.join(missing)} 没有列入验收。",
            "请核对验收报告；没有交付的，先交付再验收。",
            "delivered_modules",
            title="交付模块不全",
        )
    if extra:
        yield Finding(
            "acceptance.modules_extra",
            clause,
            f"验收中的 {'、'.join(extra)} 不在合同里。",
            "不影响兑现，请核对验收报告。",
            "delivered_modules",
            "warn",
            "多出合同以外的模块",
        )
    if not missing and case.delivered_modules:
        devices = f"、{case.delivered_devices} 台设备" if case.delivered_devices else ""
        why = f"{len(case.delivered_modules)} 个模块{devices}，与合同对应"
        yield Finding("acceptance.complete", clause, why, severity="ok", title="验收报告列明交付内容")
    if case.devices and (case.delivered_devices or 0) < case.devices:
        yield Finding(
            "acceptance.devices_fewer",
            clause,
            f"合同 {case.devices} 台，验收 {case.delivered_devices or 0} 台。",
            "兑现金额以监测到的达标设备为准。",
            "delivered_devices",
            "warn",
            "验收设备少于合同",
        )


def _item(case: ClaimCase, terms: ClaimTerms) -> Iterator[Finding]:
    if terms.needs_model and not case.model_description.strip():
        yield Finding(
            "acceptance.model_missing",
            terms.clause("item"),
            "这一项至少要有一个解决具体问题的工业大数据模型，验收中没有写明。",
            "请写明模型名称和解决的问题。",
            "model_description",
            title="没有写明模型",
        )
    named = [text for text in case.proposals if text.strip()]
    if len(named) < terms.proposals_min:
        yield Finding(
            "acceptance.proposals_missing",
            terms.clause("item"),
            f"这一项要有至少 {terms.proposals_min} 份有数字的降本方案，现在写了 {len(named)} 份。",
            "请逐份写明做法和节省多少。",
            "proposals",
            title="降本方案不够",
        )


_ACCOUNT = {"bank_account_name": "户名", "bank_name": "开户行", "bank_account": "账号"}
_PAPERS = {"invoice": "发票", "payment": "付款凭证"}


def _papers(case: ClaimCase, terms: ClaimTerms) -> Iterator[Finding]:
    clause = terms.clause("acceptance")
    for kind, label in _PAPERS.items():
        if kind not in case.files:
            yield Finding(
                f"file.{kind}_missing",
                clause,
                f"没有上传{label}。",
                f"请上传{label}的影像。",
                "files",
                title=f"缺{label}",
            )
    for name, label in _ACCOUNT.items():
        if not getattr(case, name).strip():
            yield Finding(
                "account.missing",
                clause,
                f"没有填收款{label}。",
                "请填本企业的对公账户。",
                name,
                title=f"缺收款{label}",
            )
    if case.bank_account_name and plain_name(case.bank_account_name) != plain_name(case.enterprise):
        yield Finding(
            "account.other_name",
            clause,
            f"收款户名“{case.bank_account_name}”不是本企业。",
            "资金只付到申请企业自己的账户。",
            "bank_account_name",
            title="收款户名不是本企业",
        )


def _bonus(case: ClaimCase, terms: ClaimTerms) -> Iterator[Finding]:
    if not case.bonus_claimed:
        return
    clause = terms.clause("bonus_amount")
    if terms.bonus_amount is None:
        yield Finding(
            "bonus.not_offered",
            clause,
            "本年度没有两化融合奖补。",
            "请取消勾选。",
            "bonus_claimed",
            title="没有这项奖补",
        )
    elif "bonus" not in case.files:
        yield Finding(
            "bonus.proof_missing",
            clause,
            "没有上传贯标评定证书和未获省贯标资金的证明。",
            "请上传证明，或取消勾选。",
            "bonus_claimed",
            title="缺两化融合证明",
        )


CHECKS = (_acceptance, _item, _papers, _bonus)
