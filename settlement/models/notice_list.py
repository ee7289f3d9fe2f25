"""Notice lists: what a city makes public before it pays."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q

from platform_site.kit.fsm import StateField, Stateful, transition
from platform_site.kit.ledger import AppendOnly
from platform_site.kit.money import ZERO, MoneyField
from settlement.enums import NOTICE_LIST_LABELS, NoticeListState

S = NoticeListState


class NoticeList(Stateful):
    """One list of a city and period. The published content lies in its versions; this row carries the state.

    number ("GS4406-2020-01"): given when compiled. notice: the public notice of the newest version, null before.
    """

    number = models.CharField("名单号", max_length=20, unique=True)
    round = models.PositiveIntegerField("第几批")
    city = models.ForeignKey("accounts.City", on_delete=models.PROTECT, related_name="+")
    period = models.ForeignKey("catalog.Period", on_delete=models.PROTECT, related_name="+")
    title = models.CharField("标题", max_length=120)
    issuer = models.CharField("发布单位", max_length=120)
    state = StateField("状态", default=S.DRAFT, choices=[(s.value, NOTICE_LIST_LABELS[s]) for s in S])
    compiled_at = models.DateTimeField("编制时间")
    compiled_by = models.BigIntegerField()
    compiled_by_name = models.CharField("经办人", max_length=60)
    signed_at = models.DateTimeField("复核时间", null=True, blank=True)
    signed_by = models.BigIntegerField(null=True, blank=True)
    signed_by_name = models.CharField("复核人", max_length=60, blank=True)
    published_at = models.DateTimeField("发布时间", null=True, blank=True)
    notice = models.ForeignKey(
        "notices.PublicNotice", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    correction_reason = models.TextField("更正原因", blank=True)

    class Meta:
        verbose_name = "公示名单"
        constraints = [
            models.UniqueConstraint(fields=["city", "period", "round"], name="notice_list_round_once"),
            models.CheckConstraint(
                condition=Q(signed_by__isnull=True) | ~Q(signed_by=F("compiled_by")), name="notice_list_two_people"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @transition(source=[S.DRAFT, S.CORRECTED], target=S.SIGNED, actor="地市复核", clause="S19/5.4.14")
    def sign(self) -> None: ...

    @transition(source=S.SIGNED, target=S.PUBLISHED, actor="地市", clause="S19/5.4.14")
    def publish(self) -> None: ...

    @transition(source=[S.PUBLISHED, S.CLOSED], target=S.CORRECTED, actor="地市经办", clause="D/6")
    def correct(self) -> None: ...

    @transition(source=S.PUBLISHED, target=S.CLOSED, actor="平台", clause="S19/6.3")
    def close(self) -> None: ...

    @transition(source=S.CLOSED, target=S.PARTLY_SETTLED, actor="财政", clause="S19/5.4.14")
    def settle_partly(self) -> None: ...

    @transition(source=[S.CLOSED, S.PARTLY_SETTLED], target=S.SETTLED, actor="财政", clause="S19/5.4.14")
    def settle(self) -> None: ...

    @transition(source=[S.DRAFT, S.SIGNED], target=S.REVOKED, actor="地市", clause="D/6")
    def revoke(self) -> None: ...


class NoticeListVersion(AppendOnly):
    """What was signed: immutable, with the hash over its canonical rows. version counts from 1."""

    sealed = True
    notice_list = models.ForeignKey(NoticeList, on_delete=models.PROTECT, related_name="versions")
    version = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    title = models.CharField(max_length=120)
    count = models.PositiveIntegerField()
    total = MoneyField()
    bonus_total = MoneyField()
    matching_total = MoneyField(default=ZERO)
    content_hash = models.CharField(max_length=64, db_index=True)
    reason = models.TextField("更正原因", blank=True)

    @property
    def grand_total(self) -> Decimal:
        """Voucher money, bonus and the cities' own money together, yuan."""
        return self.total + self.bonus_total + self.matching_total

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice_list", "version"], name="notice_version_once"),
            models.CheckConstraint(condition=Q(count__gt=0), name="notice_version_not_empty"),
        ]
        ordering = ["-version"]


class NoticeLine(AppendOnly):
    """One row as published. Names are copied: what was published stays readable whatever happens to the company."""

    sealed = True
    list_version = models.ForeignKey(NoticeListVersion, on_delete=models.PROTECT, related_name="lines")
    line_no = models.PositiveIntegerField("序号")
    redemption = models.ForeignKey("settlement.Redemption", on_delete=models.PROTECT, related_name="+")
    voucher_number = models.CharField("券号", max_length=20)
    enterprise_name = models.CharField("工业企业", max_length=120)
    supplier_name = models.CharField("供应商", max_length=120)
    product_name = models.CharField("应用产品", max_length=120)
    amount = MoneyField("服务券金额")
    bonus = MoneyField("两化融合奖补")
    matching = MoneyField("市级配套", default=ZERO)
    line_hash = models.CharField(max_length=64, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["list_version", "line_no"], name="notice_line_no_once"),
            models.UniqueConstraint(fields=["list_version", "redemption"], name="notice_line_redemption_once"),
            models.CheckConstraint(
                condition=Q(amount__gte=0) & Q(bonus__gte=0) & Q(matching__gte=0), name="notice_line_not_negative"
            ),
        ]
        ordering = ["line_no"]


class NoticeFile(AppendOnly):
    """A file made of a published version and handed out: its hash lets anybody check a copy. kind: pdf or xlsx."""

    sealed = True
    list_version = models.ForeignKey(NoticeListVersion, on_delete=models.PROTECT, related_name="files")
    kind = models.CharField(max_length=8)
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64, db_index=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["list_version", "kind"], name="notice_file_once")]


class Postponement(AppendOnly):
    """Why an approved redemption was left out of a list and goes to the next."""

    notice_list = models.ForeignKey(NoticeList, on_delete=models.PROTECT, related_name="postponements")
    redemption = models.ForeignKey("settlement.Redemption", on_delete=models.PROTECT, related_name="postponements")
    reason = models.TextField("原因")
    at = models.DateTimeField()
    by = models.BigIntegerField(null=True)
