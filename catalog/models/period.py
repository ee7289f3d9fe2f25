"""A period in which vouchers are applied for and redeemed."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from catalog.enums import PeriodState
from catalog.models.clause import Clause
from catalog.models.edition import Edition
from catalog.models.item import CatalogVersion
from platform_site.kit.fsm import StateField, Stateful, transition


class ApplyRange(Func):
    """[apply_from, apply_to) as PostgreSQL sees it."""

    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


class Period(Stateful):
    """One round: its windows, its edition and its catalog. Windows are half-open, by the server's clock.

    `parameters`: values that differ from the edition's for this period, {key: {"value", "note"}}, only where the
    edition allows it; `city_matching_rates` besides: {city code: share} of what cities add of their own (T18/4.4.5).
    `clause`: the rule that sets the windows. `signed_by` null: waits for the second person.
    `assumptions_confirmed`: the province has confirmed what the edition only assumes (N20/5.1).
    Persons are plain ids beside the name they had.
    """

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="periods", verbose_name="政策版本")
    catalog_version = models.ForeignKey(
        CatalogVersion, on_delete=models.PROTECT, related_name="periods", verbose_name="目录版本"
    )
    code = models.CharField("代码", max_length=16, unique=True)
    title = models.CharField("名称", max_length=80)
    apply_from = models.DateTimeField("申领开始")
    apply_to = models.DateTimeField("申领截止")
    redeem_from = models.DateTimeField("兑现开始")
    redeem_to = models.DateTimeField("兑现截止")
    clause = models.ForeignKey(Clause, on_delete=models.PROTECT, related_name="periods", verbose_name="时间依据")
    parameters = models.JSONField("本期设置", default=dict, blank=True)
    assumptions_confirmed = models.BooleanField("已确认推定的数值", default=False)
    drafted_by = models.BigIntegerField("起草人")
    drafted_by_label = models.CharField("起草人姓名", max_length=120)
    drafted_at = models.DateTimeField("起草时间")
    signed_by = models.BigIntegerField("复核人", null=True, blank=True)
    signed_by_label = models.CharField("复核人姓名", max_length=120, blank=True)
    signed_at = models.DateTimeField("复核时间", null=True, blank=True)
    announced_at = models.DateTimeField("公布时间", null=True, blank=True)
    state = StateField("状态", default=PeriodState.DRAFT, choices=PeriodState.choices)

    class Meta:
        verbose_name = "申领期"
        verbose_name_plural = "申领期"
        ordering = ["-apply_from"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    apply_to__gt=F("apply_from"),
                    redeem_to__gt=F("redeem_from"),
                    redeem_from__gte=F("apply_from"),
                    redeem_to__gte=F("apply_to"),
                ),
                name="period_windows_in_order",
            ),
            models.CheckConstraint(
                condition=Q(signed_by__isnull=True) | ~Q(signed_by=F("drafted_by")), name="period_signed_by_another"
            ),
            models.CheckConstraint(
                condition=Q(state=PeriodState.DRAFT) | Q(signed_by__isnull=False, announced_at__isnull=False),
                name="period_published_is_signed",
            ),
            ExclusionConstraint(
                name="period_windows_apart",
                expressions=[(ApplyRange(F("apply_from"), F("apply_to")), RangeOperators.OVERLAPS)],
                condition=~Q(state=PeriodState.DRAFT),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @transition(source=PeriodState.DRAFT, target=PeriodState.PUBLISHED, actor="省级", clause="S19/6.1")
    def publish(self) -> None:
        """Announced to everybody."""

    @transition(source=PeriodState.PUBLISHED, target=PeriodState.CLOSED, actor="省级", clause="S19/6.1")
    def close(self) -> None:
        """Nothing can be applied for or redeemed any more."""
