"""Make an edition's numbers final."""

from datetime import datetime

from catalog.enums import Event
from catalog.models import Edition
from catalog.permissions import check_user_can_edit_policy
from catalog.queries import terms_for
from platform_site.audit.domain import record
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.kit.findings import Finding, Refusal
from platform_site.kit.fsm import perform
from platform_site.kit.locks import Rank, lock_one


@command
def publish_edition(*, edition: Edition, by: Actor, at: datetime) -> Edition:
    """Raises Refusal while a number is missing or cannot be read."""
    edition = lock_one(Rank.PROVINCE, Edition.objects.all(), pk=edition.pk)
    check_user_can_edit_policy(by)
    try:
        terms_for(edition)
    except (ArithmeticError, KeyError, TypeError, ValueError) as error:
        raise Refusal(_incomplete(str(error))) from error
    perform(edition, "publish", at=at)
    record(by=by, at=at, event=Event.EDITION_PUBLISHED, subject=edition, data={"code": edition.code})
    return edition


def _incomplete(detail: str) -> Finding:
    return Finding(
        "edition.incomplete", "S19/9", f"政策数值不全或有误：{detail}。", "请补全后再公布。", title="还不能公布"
    )
