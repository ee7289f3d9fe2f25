"""What the enterprise and the supplier say to an objection (S19/6.3): the right of reply."""

from django.db import models

from platform_site.kit.ledger import AppendOnly
from settlement.enums import REPLY_SIDES, ReplySide


class ObjectionReply(AppendOnly):
    """One word of each side to an objection about one line. file: null where nothing was attached."""

    objection = models.ForeignKey("notices.Objection", on_delete=models.PROTECT, related_name="+")
    redemption = models.ForeignKey("settlement.Redemption", on_delete=models.PROTECT, related_name="+")
    side = models.CharField("哪一方", max_length=12, choices=[(s.value, REPLY_SIDES[s]) for s in ReplySide])
    text = models.TextField("说明", max_length=4000)
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("时间")
    by = models.BigIntegerField(null=True)
    by_name = models.CharField("提交人", max_length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["objection", "redemption", "side"], name="objection_reply_once"),
            models.CheckConstraint(condition=~models.Q(text=""), name="objection_reply_has_words"),
        ]
