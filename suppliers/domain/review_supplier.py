"""The city checks a supplier's information, the province lists it with two people (S19/5.2.4, S19/5.2.5)."""

from collections.abc import Sequence
from datetime import datetime

from platform_site.audit.domain import record
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.kit.findings import Finding, refuse_if
from platform_site.kit.fsm import check_version, perform
from platform_site.kit.locks import Rank, lock_one
from suppliers.domain.decide import carry_out, keep_review, open_for, send_back, sign
from suppliers.domain.tell import tell_approvers, tell_province, tell_supplier
from suppliers.enums import Event, Outcome, ReviewLevel, SupplierState
from suppliers.models import Proposal, Supplier
from suppliers.permissions import check_may_propose, check_may_review_for_city, check_may_sign
from suppliers.policies import listing_findings, outcome_findings, reason_findings

CITY_STEPS = {Outcome.PASS: "pass_on", Outcome.RETURN: "send_back", Outcome.REFUSE: "refuse"}


@command
def review_supplier_by_city(
    *,
    supplier: Supplier,
    outcome: str,
    by: Actor,
    at: datetime,
    opinion: str = "",
    findings: Sequence[Finding] = (),
    version: int | None = None,
) -> Supplier:
    """pass (on to the province), return with all reasons at once, or refuse with the reason."""
    supplier = lock_one(Rank.SUPPLIER, Supplier.objects.select_related("organisation"), pk=supplier.pk)
    check_may_review_for_city(by, supplier)
    check_version(supplier, version)
    refuse_if(reason_findings(outcome, opinion, findings))
    perform(supplier, CITY_STEPS[Outcome(outcome)], at=at)
    keep_review(supplier, ReviewLevel.CITY, outcome, opinion, findings, by=by, at=at)
    record(by=by, at=at, event=Event.SUPPLIER_REVIEWED_BY_CITY, subject=supplier, data={"outcome": str(outcome)})
    _tell_next(supplier, outcome, at)
    return supplier


def _tell_next(supplier: Supplier, outcome: str, at: datetime) -> None:
    link = f"/province/suppliers/{supplier.pk}/"
    if outcome == Outcome.PASS:
        tell_province(title=f"供应商待审核：{supplier.name}", link=link, at=at)
        tell_supplier(supplier, title="地市审核已通过，已转省里", body="", at=at)
    elif outcome == Outcome.RETURN:
        tell_supplier(supplier, title="供应商信息被退回，请一次补齐", body="全部理由见供应商信息页。", at=at)
    else:
        tell_supplier(supplier, title="供应商登记未通过", body="理由见供应商信息页。", at=at)


@command
def review_supplier_by_province(
    *,
    supplier: Supplier,
    outcome: str,
    by: Actor,
    at: datetime,
    opinion: str = "",
    findings: Sequence[Finding] = (),
    quota_class: str = "",
    priority: bool | None = None,
    platform_capability: bool | None = None,
    version: int | None = None,
) -> Proposal:
    """The officer proposes; nothing changes before another person signs (`sign_supplier_review`).

    Outcomes by state: under review pass, return, refuse; listed classify, suspend, delist, drop; suspended relist,
    delist, drop. `quota_class` (N20/3.2) and `priority` (P18/2.5) come into force with the signature.
    """
    supplier = lock_one(Rank.SUPPLIER, Supplier.objects.select_related("organisation"), pk=supplier.pk)
    check_may_propose(by)
    check_version(supplier, version)
    found = [*open_for(supplier), *outcome_findings(supplier, outcome, opinion, findings)]
    if outcome == Outcome.PASS:
        found += listing_findings(supplier, platform_capability, at)
    refuse_if(found)
    proposal = Proposal.objects.create(
        supplier=supplier,
        outcome=outcome,
        opinion=opinion.strip(),
        findings=[finding.as_dict() for finding in findings],
        quota_class=quota_class,
        priority=priority,
        platform_capability=platform_capability,
        proposed_by_id=by.user_id,  # type: ignore[misc]  # has a province role, so is somebody
        proposed_at=at,
        state_since=at,
    )
    record(by=by, at=at, event=Event.SUPPLIER_PROPOSED, subject=supplier, data={"outcome": str(outcome)})
    tell_approvers(title=f"供应商意见待签发：{supplier.name}", link=f"/province/suppliers/{supplier.pk}/", at=at)
    return proposal


@command
def sign_supplier_review(
    *, proposal: Proposal, by: Actor, at: datetime, agree: bool = True, answer: str = ""
) -> Supplier:
    """The second person signs, or sends the proposal back to the officer with the reason."""
    supplier = lock_one(Rank.SUPPLIER, Supplier.objects.select_related("organisation"), pk=proposal.supplier_id)
    proposal = lock_one(Rank.SUPPLIER, Proposal.objects.select_related("proposed_by"), pk=proposal.pk)
    check_may_sign(by, proposal)
    if not agree:
        send_back(proposal, supplier, answer, Event.SUPPLIER_SENT_BACK, by=by, at=at)
        return supplier
    found = outcome_findings(supplier, proposal.outcome, proposal.opinion, [Finding(**f) for f in proposal.findings])
    if proposal.outcome == Outcome.PASS:
        found += listing_findings(supplier, proposal.platform_capability, at)
    refuse_if(found)
    _set_marks(supplier, proposal)
    if proposal.outcome == Outcome.PASS:
        supplier.listed_at = at
    carry_out(supplier, proposal.outcome, at)
    sign(proposal, supplier, answer, Event.SUPPLIER_SIGNED, by=by, at=at)
    return supplier


def _set_marks(supplier: Supplier, proposal: Proposal) -> None:
    supplier.quota_class = proposal.quota_class or supplier.quota_class
    if proposal.priority is not None:
        supplier.priority = proposal.priority
    if proposal.platform_capability is not None and supplier.state == SupplierState.PROVINCE_REVIEW:
        supplier.platform_capability = proposal.platform_capability
