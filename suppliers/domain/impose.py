"""What a decision taken by two people on a higher floor (a penalty, an evaluation) means for a supplier or product.

Only the platform itself may call these; a person goes through `review_supplier_by_province` and `review_product`.
"""

from datetime import datetime

from platform_site.audit.domain import record
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.kit.findings import refuse_if
from platform_site.kit.locks import Rank, lock_one
from suppliers.domain.decide import OUTCOME_WORDS, carry_out, keep_review
from suppliers.domain.tell import tell_supplier
from suppliers.enums import Event, Outcome, ReviewLevel
from suppliers.models import Product, Supplier
from suppliers.permissions import check_is_platform
from suppliers.policies import outcome_findings


@command
def impose_on_supplier(*, supplier: Supplier, outcome: str, ground: str, by: Actor, at: datetime) -> Supplier:
    """suspend, relist, delist or drop. Innocent clients keep what they hold (platform default 11)."""
    check_is_platform(by)
    supplier = lock_one(Rank.SUPPLIER, Supplier.objects.select_related("organisation"), pk=supplier.pk)
    refuse_if(outcome_findings(supplier, outcome, ground, ()))
    _carry_out(supplier, outcome, ground, Event.SUPPLIER_CHANGED_STATE, by, at)
    return supplier


@command
def impose_on_product(*, product: Product, outcome: str, ground: str, by: Actor, at: datetime) -> Product:
    """suspend, relist or delist."""
    check_is_platform(by)
    product = lock_one(Rank.SUPPLIER, Product.objects.select_related("supplier__organisation"), pk=product.pk)
    refuse_if(outcome_findings(product, outcome, ground, ()))
    _carry_out(product, outcome, ground, Event.PRODUCT_CHANGED_STATE, by, at)
    return product


def _carry_out(subject: Supplier | Product, outcome: str, ground: str, event: Event, by: Actor, at: datetime) -> None:
    carry_out(subject, outcome, at)
    keep_review(subject, ReviewLevel.PROVINCE, outcome, ground, (), by=by, at=at)
    record(by=by, at=at, event=event, subject=subject, data={"outcome": str(outcome), "ground": ground})
    tell_supplier(subject, title=f"{OUTCOME_WORDS[Outcome(outcome)]}：{subject.name}", body=ground, at=at)
