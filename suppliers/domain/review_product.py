"""The province reviews a product, sets its class and lists it, with two people (S19/5.2.4, platform default 1)."""

from collections.abc import Sequence
from datetime import datetime

from platform_site.audit.domain import record
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.kit.findings import Finding, refuse_if
from platform_site.kit.fsm import check_version
from platform_site.kit.locks import Rank, lock_one
from suppliers.domain.decide import carry_out, open_for, send_back, sign
from suppliers.domain.tell import tell_approvers
from suppliers.enums import Event, Outcome
from suppliers.models import Product, Proposal, Supplier
from suppliers.permissions import check_may_propose, check_may_sign
from suppliers.policies import outcome_findings, product_listing_findings


@command
def review_product(
    *,
    product: Product,
    outcome: str,
    by: Actor,
    at: datetime,
    product_class: str = "",
    opinion: str = "",
    findings: Sequence[Finding] = (),
    version: int | None = None,
) -> Proposal:
    """The officer proposes; nothing changes before another person signs (`sign_product_review`).

    Outcomes by state: under review pass (with class A or B), return, refuse; listed suspend, delist; suspended relist,
    delist.
    """
    product = _locked(product.pk)
    check_may_propose(by)
    check_version(product, version)
    found = [*open_for(product), *outcome_findings(product, outcome, opinion, findings)]
    if outcome == Outcome.PASS:
        found += product_listing_findings(product, product_class)
    refuse_if(found)
    proposal = Proposal.objects.create(
        product=product,
        outcome=outcome,
        opinion=opinion.strip(),
        findings=[finding.as_dict() for finding in findings],
        product_class=product_class if outcome == Outcome.PASS else "",
        proposed_by_id=by.user_id,  # type: ignore[misc]  # has a province role, so is somebody
        proposed_at=at,
        state_since=at,
    )
    data = {"outcome": str(outcome), "product_class": proposal.product_class}
    record(by=by, at=at, event=Event.PRODUCT_PROPOSED, subject=product, data=data)
    tell_approvers(title=f"产品意见待签发：{product.name}", link=f"/province/products/{product.pk}/", at=at)
    return proposal


@command
def sign_product_review(
    *, proposal: Proposal, by: Actor, at: datetime, agree: bool = True, answer: str = ""
) -> Product:
    """The second person signs, or sends the proposal back to the officer with the reason."""
    product = _locked(proposal.product_id)
    proposal = lock_one(Rank.SUPPLIER, Proposal.objects.select_related("proposed_by"), pk=proposal.pk)
    check_may_sign(by, proposal)
    if not agree:
        send_back(proposal, product, answer, Event.PRODUCT_SENT_BACK, by=by, at=at)
        return product
    found = outcome_findings(product, proposal.outcome, proposal.opinion, [Finding(**f) for f in proposal.findings])
    if proposal.outcome == Outcome.PASS:
        found += product_listing_findings(product, proposal.product_class)
        product.product_class, product.listed_at = proposal.product_class, at
    refuse_if(found)
    carry_out(product, proposal.outcome, at)
    sign(proposal, product, answer, Event.PRODUCT_SIGNED, by=by, at=at)
    return product


def _locked(product_id: int | None) -> Product:
    """Its supplier first: two products of one supplier are decided one after the other."""
    found = Product.objects.select_related("supplier__organisation", "origin", "catalog_version")
    lock_one(Rank.SUPPLIER, Supplier.objects.all(), products=product_id)
    return lock_one(Rank.SUPPLIER, found, pk=product_id)
