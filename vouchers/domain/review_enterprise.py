"""The city or county reviews an enterprise's profile."""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from platform_site.accounts.queries import day_of
from platform_site.audit.domain import record
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.kit.findings import Finding, refuse_if
from platform_site.kit.fsm import check_version, perform
from platform_site.kit.locks import Rank, lock_one
from vouchers import policies
from vouchers.domain.tell import tell_profile
from vouchers.enums import AuditEvent
from vouchers.models import Enterprise
from vouchers.permissions import check_user_can_review_enterprise


@command
def review_enterprise(
    *,
    enterprise: Enterprise,
    outcome: Literal["approve", "return"],
    findings: Iterable[Finding] = (),
    by: Actor,
    at: datetime,
    version: int | None = None,
) -> Enterprise:
    """Approve, or return with every reason at once (S19/6.2). Approving re-checks what the platform can check."""
    enterprise = lock_one(Rank.ENTERPRISE, Enterprise.objects.all(), pk=enterprise.pk)
    check_user_can_review_enterprise(by, enterprise)
    check_version(enterprise, version)
    if outcome == "approve":
        return _approve(enterprise, by=by, at=at)
    return _return(enterprise, list(findings), by=by, at=at)


def _approve(enterprise: Enterprise, *, by: Actor, at: datetime) -> Enterprise:
    refuse_if(policies.enterprise_submission(enterprise, day_of(at)))
    enterprise.reviewed_at, enterprise.reviewed_by_id, enterprise.deadline_at = at, by.user_id, None
    perform(enterprise, "approve", at=at, save=["reviewed_at", "reviewed_by", "deadline_at"])
    record(by=by, at=at, event=AuditEvent.ENTERPRISE_APPROVED, subject=enterprise)
    tell_profile(enterprise, title="企业信息已审核通过", body="现在申领的服务券可以签发了。", at=at)
    return enterprise


def _return(enterprise: Enterprise, findings: list[Finding], *, by: Actor, at: datetime) -> Enterprise:
    refuse_if(policies.reasons_given(findings, verb="退回"))
    enterprise.findings = [finding.as_dict() for finding in findings]
    enterprise.reviewed_at, enterprise.reviewed_by_id, enterprise.deadline_at = at, by.user_id, None
    perform(enterprise, "return_back", at=at, save=["findings", "reviewed_at", "reviewed_by", "deadline_at"])
    record(
        by=by, at=at, event=AuditEvent.ENTERPRISE_RETURNED, subject=enterprise, data={"findings": enterprise.findings}
    )
    tell_profile(enterprise, title="企业信息被退回", body=f"有 {len(findings)} 条要改，改好后重新提交。", at=at)
    return enterprise
