"""What an edition and a catalog version share: one person drafts and hands in, another signs."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from platform_site.kit.fsm import Stateful


class TwoPeopleDraft(Stateful):
    """Persons are plain ids beside the name they had. `drafted_by` null: loaded by the platform from the documents'
    own text, which is the second pair of eyes. `handed_in_by` may be a colleague of the drafter; whoever signs is
    neither. `reason`: why it was last sent back or withdrawn. `desk`: the province's list of such drafts; `called`:
    what messages call one.
    """

    desk: ClassVar[str]
    called: ClassVar[str]

    drafted_by = models.BigIntegerField("起草人", null=True, blank=True)
    drafted_by_label = models.CharField("起草人姓名", max_length=120, blank=True)
    drafted_at = models.DateTimeField("起草时间", null=True, blank=True)
    handed_in_by = models.BigIntegerField("提交人", null=True, blank=True)
    handed_in_by_label = models.CharField("提交人姓名", max_length=120, blank=True)
    handed_in_at = models.DateTimeField("提交时间", null=True, blank=True)
    signed_by = models.BigIntegerField("复核人", null=True, blank=True)
    signed_by_label = models.CharField("复核人姓名", max_length=120, blank=True)
    signed_at = models.DateTimeField("复核时间", null=True, blank=True)
    published_at = models.DateTimeField("公布时间", null=True, blank=True)
    reason = models.CharField("退回或撤回的理由", max_length=200, blank=True)

    class Meta:
        abstract = True


def two_people_constraints(name: str) -> list[models.BaseConstraint]:
    """Signed by another; nothing signed or published without a signature, but for what the platform loaded."""
    return [
        models.CheckConstraint(
            condition=Q(signed_by__isnull=True) | (~Q(signed_by=F("drafted_by")) & ~Q(signed_by=F("handed_in_by"))),
            name=f"{name}_signed_by_another",
        ),
        models.CheckConstraint(
            condition=~Q(state__in=["signed", "published"]) | Q(drafted_by__isnull=True) | Q(signed_by__isnull=False),
            name=f"{name}_published_is_signed",
        ),
    ]
