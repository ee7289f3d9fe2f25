"""The city works on applications: two people for every decision."""

from platform_site.kit.findings import Finding
from platform_site.management.season.enterprises import Factory
from platform_site.management.season.stage import Stage
from vouchers.domain import decide_application, propose_decision, return_application
from vouchers.enums import Proposal
from vouchers.models import Voucher

UNSEALED = Finding(
    code="contract.supplement_unsealed",
    clause="S19/5.3.6",
    title="补充合同没有盖供应商的章",
    reason="第 2 页供应商一栏是空的。",
    remedy="双方盖章后重新上传。",
    field="files",
)
OUTDATED = Finding(
    code="contract.terms_missing",
    clause="S19/5.3.6",
    title="合同没有写明功能模块的交付时间",
    reason="第三条只写了产品名称。",
    remedy="请签补充合同写明交付的功能模块和时间。",
    field="files",
)
SPECIAL_TERMS = Finding(
    code="contract.special_terms",
    clause="S19/5.3.6",
    title="合同有专为奖补设置的条款",
    reason="第七条约定获得奖补后返还部分合同款。",
    remedy="这份合同不能用于申领；请按正常商业条款重新签订后再申领。",
    field="files",
)


def propose(stage: Stage, factory: Factory, voucher: Voucher, *, approve: bool = True) -> None:
    """The reviewer's half."""
    propose_decision(
        voucher=voucher,
        proposal=Proposal.APPROVE if approve else Proposal.REFUSE,
        opinion="合同与填报一致" if approve else "合同条款不符合要求",
        findings=[] if approve else [SPECIAL_TERMS],
        by=factory.office.reviewer.actor,
        at=stage.now,
    )


def decide(stage: Stage, factory: Factory, voucher: Voucher, *, approve: bool = True) -> Voucher:
    """Both halves: issued, or refused."""
    propose(stage, factory, voucher, approve=approve)
    stage.wait(minutes=50)
    return decide_application(voucher=voucher, agree=True, by=factory.office.approver.actor, at=stage.now)


def send_back(stage: Stage, factory: Factory, voucher: Voucher) -> Voucher:
    """Returned with all reasons at once."""
    return return_application(
        voucher=voucher, findings=[UNSEALED, OUTDATED], by=factory.office.reviewer.actor, at=stage.now
    )
