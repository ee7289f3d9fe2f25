"""Monitoring scheme: what counts as real use, per edition and catalog item."""

from django.db import models
from django.db.models import Q

from catalog.models.two_people import TwoPeopleDraft, two_people_constraints
from monitoring.enums import SCHEME_KINDS, SCHEME_SET_STATES, SchemeSetState
from platform_site.kit.fsm import StateField, transition

_OPEN = [SchemeSetState.DRAFT, SchemeSetState.HANDED_IN, SchemeSetState.SIGNED]


class SchemeSet(TwoPeopleDraft):
    """The schemes of all items in one edition; the province drafts a new set from the one in force, another signs it.

    number counts within the edition. in_force_from: applications that arrive from then on are judged by it, earlier
    ones keep theirs; null: not in force, or (the edition's first, loaded) from the beginning. From handing in on its
    numbers are frozen in the database.
    """

    desk, called = "schemes", "监测方案"
    edition_code = models.CharField("政策版本", max_length=24)
    number = models.PositiveSmallIntegerField("第几版")
    note = models.CharField("改了什么", max_length=200, blank=True)
    in_force_from = models.DateTimeField("施行时间", null=True, blank=True)
    state = StateField("状态", default=SchemeSetState.DRAFT, choices=SCHEME_SET_STATES)

    class Meta:
        verbose_name = "监测方案版本"
        verbose_name_plural = "监测方案版本"
        ordering = ["edition_code", "-number"]
        constraints = [
            *two_people_constraints("scheme_set"),
            models.UniqueConstraint(fields=["edition_code", "number"], name="scheme_set_numbered_once"),
            models.UniqueConstraint(
                fields=["edition_code"], condition=Q(state__in=_OPEN), name="scheme_set_one_open_per_edition"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition_code} 监测方案第 {self.number} 版"

    @transition(source=SchemeSetState.DRAFT, target=SchemeSetState.HANDED_IN, actor="省级经办", clause="D/four_eyes")
    def hand_in(self) -> None: ...

    @transition(source=SchemeSetState.HANDED_IN, target=SchemeSetState.SIGNED, actor="省级复核", clause="D/four_eyes")
    def sign(self) -> None: ...

    @transition(
        source=[SchemeSetState.HANDED_IN, SchemeSetState.SIGNED],
        target=SchemeSetState.DRAFT,
        actor="省级",
        clause="D/four_eyes",
    )
    def send_back(self) -> None: ...

    @transition(source=SchemeSetState.SIGNED, target=SchemeSetState.PUBLISHED, actor="省级复核", clause="D/8")
    def publish(self) -> None: ...

    @transition(source=SchemeSetState.DRAFT, target=SchemeSetState.PUBLISHED, actor="平台载入", clause="D/8")
    def load(self) -> None: ...

    @transition(source=SchemeSetState.DRAFT, target=SchemeSetState.WITHDRAWN, actor="省级经办", clause="D/8")
    def withdraw(self) -> None: ...


class Scheme(models.Model):
    """Thresholds of one item. The documents give only S19/annex.note2, all else is platform default 8.

    What a voucher is judged by is the set in force when it was applied for, frozen on its source at redemption.
    """

    scheme_set = models.ForeignKey(SchemeSet, models.CASCADE, related_name="schemes", verbose_name="方案版本")
    item_number = models.PositiveSmallIntegerField("目录序号")
    kind = models.CharField("监测方式", max_length=12, choices=SCHEME_KINDS)
    clause = models.CharField("依据", max_length=40)
    window_days = models.PositiveSmallIntegerField("观察天数")
    min_days = models.PositiveSmallIntegerField("最少有效天数")
    min_minutes = models.PositiveSmallIntegerField("每天最少有效分钟数", help_text="软件类为 0：有操作即为有效")
    slot_minutes = models.PositiveSmallIntegerField("一条记录代表的分钟数")
    min_devices = models.PositiveSmallIntegerField("最少设备数", help_text="软件类为 0；按台奖补的另按券额计算")
    min_users = models.PositiveSmallIntegerField("最少使用人数", help_text="设备类为 0")
    min_modules = models.PositiveSmallIntegerField("最少使用模块数", help_text="不超过合同中的模块数；设备类为 0")
    late_days = models.PositiveSmallIntegerField("可补传天数")
    operator_late_days = models.PositiveSmallIntegerField("运营商可补报天数")
    operator_share = models.DecimalField(
        "运营商反馈最低占比", max_digits=4, decimal_places=3, help_text="有效设备日中须有运营商反馈的比例；0 为不要求"
    )
    conflict_share = models.DecimalField("不一致占比上限", max_digits=4, decimal_places=3, help_text="超过时须人工核实")
    outside_share = models.DecimalField(
        "省外地址占比上限", max_digits=4, decimal_places=3, help_text="1 为不限（售后类）"
    )
    fresh_days = models.PositiveSmallIntegerField(
        "数据新鲜天数", default=0, help_text="最近的数据早于这些天的，达标也须人工核实；0 为不看"
    )

    class Meta:
        verbose_name = "监测方案"
        verbose_name_plural = "监测方案"
        ordering = ["item_number"]
        constraints = [
            models.UniqueConstraint(fields=["scheme_set", "item_number"], name="scheme_one_per_item"),
            models.CheckConstraint(
                condition=models.Q(min_days__lte=models.F("window_days")), name="scheme_days_within_window"
            ),
            models.CheckConstraint(
                condition=models.Q(slot_minutes__in=[1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60]),
                name="scheme_slot_divides_day",
            ),
        ]

    def __str__(self) -> str:
        return f"第 {self.item_number} 项"
