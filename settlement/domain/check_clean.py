"""The form check of claims in which nothing at all was found: agreed to in one go, each with its own result."""

from datetime import datetime

from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.kit.findings import refuse_if
from settlement.domain.check_redemption import check_redemption
from settlement.enums import Opinion
from settlement.models import Redemption
from settlement.permissions import check_user_can_handle
from settlement.policies import claim_findings, verdict_findings
from settlement.queries.redemptions import redemption_for_work
from settlement.rules.review import attention_findings


@command
def check_clean(*, redemption: Redemption, by: Actor, at: datetime) -> Redemption:
    """Sign "agree" for a claim whose every check is fine and whose verdict passed; anything to look at is a refusal."""
    redemption = redemption_for_work(redemption.pk)
    check_user_can_handle(by, redemption.city_id)
    found = claim_findings(redemption, at)
    refuse_if([*attention_findings(found), *verdict_findings(redemption)])
    return check_redemption(
        redemption=redemption,
        opinion=Opinion.APPROVE,
        checked={finding.code: True for finding in found},
        note="各项核对没有发现问题，批量签名",
        version=redemption.version,
        by=by,
        at=at,
    )
