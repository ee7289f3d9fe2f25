"""Signs of fabrication, what they are found by, and what the people concerned say to them."""

from django.db import models
from django.db.models import F, Q

from monitoring.enums import (
    ASKED_SIDES,
    MARK_KINDS,
    QUESTION_STATES,
    SIGN_KINDS,
    SIGN_STATES,
    QuestionState,
    SignState,
)
from platform_site.kit.fsm import StateField, Stateful, transition


class DayPrint(models.Model):
    """Fingerprint of a stream's day (`rules.signs_copied`): days of one shape are one pattern, moved or not.

    Made anew for the days of the window whenever a voucher is looked at; days that say nothing have none.
    shape: of the pattern's lowest run; whole: of the whole day; anchor: the minute at which the run begins.
    """

    voucher = models.ForeignKey("vouchers.Voucher", models.CASCADE, related_name="+", db_index=False)
    subject = models.CharField("设备或账号", max_length=64)
    day = models.DateField("日期")
    shape = models.BigIntegerField()
    whole = models.BigIntegerField()
    anchor = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = "日指纹"
        verbose_name_plural = "日指纹"
        constraints = [models.UniqueConstraint(fields=["voucher", "subject", "day"], name="day_print_once")]
        indexes = [models.Index(fields=["shape"], name="day_print_shape")]

    def __str__(self) -> str:
        return f"{self.subject} {self.day}"


class Mark(models.Model):
    """What a voucher left behind in the window and others may have too: an address, a device's serial number.

    days: stream-days on which an address was seen, 0 for a device that is only listed.
    """

    voucher = models.ForeignKey("vouchers.Voucher", models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField("种类", max_length=8, choices=MARK_KINDS)
    value = models.CharField("地址或设备编号", max_length=64)
    days = models.PositiveIntegerField("记录日", default=0)
    first_day = models.DateField("最早")
    last_day = models.DateField("最晚")

    class Meta:
        verbose_name = "地址和设备"
        verbose_name_plural = "地址和设备"
        constraints = [models.UniqueConstraint(fields=["voucher", "kind", "value"], name="mark_once_per_voucher")]
        indexes = [models.Index(fields=["kind", "value"], name="mark_value")]

    def __str__(self) -> str:
        return self.value


class Sign(Stateful):
    """One kind of doubt about one voucher. It refuses nothing; an officer looks, and says what it was.

    score: as last computed, 0 when it was no longer found; peak_score: the highest ever. dismissed_score: at which it
    was dismissed, null otherwise; it opens again when it has risen enough. evidence: `rules.signs.evidence`.
    decided_by null: nobody has decided yet. Ruling a sign out can let money go, so one person proposes it with a reason
    and another agrees (D/four_eyes); until then it counts. proposed_by: whose reason it is.
    """

    voucher = models.ForeignKey("vouchers.Voucher", models.PROTECT, related_name="+", verbose_name="服务券")
    kind = models.CharField("疑点", max_length=16, choices=SIGN_KINDS)
    score = models.PositiveSmallIntegerField("分值")
    peak_score = models.PositiveSmallIntegerField("最高分值")
    evidence = models.JSONField("依据", default=dict)
    first_seen_at = models.DateTimeField("最早发现")
    last_seen_at = models.DateTimeField("最近发现")
    dismissed_score = models.PositiveSmallIntegerField("排除时分值", null=True, blank=True)
    reason = models.TextField("核实情况", max_length=2000, blank=True, default="")
    proposed_by = models.BigIntegerField(null=True, blank=True)
    proposed_by_name = models.CharField("提请人", max_length=120, blank=True, default="")
    proposed_at = models.DateTimeField("提请时间", null=True, blank=True)
    decided_by = models.BigIntegerField(null=True, blank=True)
    decided_by_name = models.CharField("核实人", max_length=120, blank=True, default="")
    decided_at = models.DateTimeField("核实时间", null=True, blank=True)
    state = StateField("状态", default=SignState.OPEN, choices=SIGN_STATES)

    class Meta:
        verbose_name = "疑点"
        verbose_name_plural = "疑点"
        constraints = [
            models.UniqueConstraint(fields=["voucher", "kind"], name="sign_once_per_voucher_and_kind"),
            models.CheckConstraint(condition=Q(score__lte=100, peak_score__lte=100), name="sign_score_to_100"),
            models.CheckConstraint(
                condition=~Q(state__in=[SignState.DISMISSED, SignState.CONFIRMED]) | ~Q(reason=""),
                name="sign_decided_with_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state=SignState.DISMISSED)
                | (Q(proposed_by__isnull=False) & ~Q(decided_by=F("proposed_by"))),
                name="sign_ruled_out_by_two",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.voucher_id} {self.get_kind_display()}"

    @transition(source=SignState.OPEN, target=SignState.LOOKED_AT, actor="省级", clause="S19/5.4.12")
    def take_up(self) -> None: ...

    @transition(
        source=[SignState.OPEN, SignState.LOOKED_AT], target=SignState.PROPOSED, actor="省级", clause="S19/5.4.12"
    )
    def propose_dismissal(self) -> None: ...

    @transition(source=SignState.PROPOSED, target=SignState.DISMISSED, actor="省级（另一人）", clause="D/four_eyes")
    def dismiss(self) -> None: ...

    @transition(source=SignState.PROPOSED, target=SignState.LOOKED_AT, actor="省级（另一人）", clause="D/four_eyes")
    def send_back(self) -> None: ...

    @transition(
        source=[SignState.OPEN, SignState.LOOKED_AT, SignState.PROPOSED],
        target=SignState.CONFIRMED,
        actor="省级",
        clause="S19/7.5.1",
    )
    def confirm(self) -> None: ...

    @transition(
        source=[SignState.DISMISSED, SignState.CONFIRMED],
        target=SignState.OPEN,
        actor="省级、平台",
        clause="S19/5.4.12",
    )
    def reopen(self) -> None: ...


class SignQuestion(Stateful):
    """The officer asks the enterprise or the supplier to explain; who is asked sees the question, never the score.

    answer "" and answered_at null: not answered yet. file null: nothing was attached.
    """

    voucher = models.ForeignKey("vouchers.Voucher", models.PROTECT, related_name="+", verbose_name="服务券")
    side = models.CharField("问谁", max_length=12, choices=ASKED_SIDES)
    text = models.TextField("问题", max_length=2000)
    asked_by = models.BigIntegerField(null=True)
    asked_by_name = models.CharField("提问人", max_length=120)
    asked_at = models.DateTimeField("提问时间")
    due_at = models.DateTimeField("答复期限")
    answer = models.TextField("说明", max_length=4000, blank=True, default="")
    file = models.ForeignKey("files.StoredFile", models.PROTECT, related_name="+", null=True, blank=True)
    answered_by = models.BigIntegerField(null=True, blank=True)
    answered_by_name = models.CharField("答复人", max_length=120, blank=True, default="")
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)
    state = StateField("状态", default=QuestionState.ASKED, choices=QUESTION_STATES)

    class Meta:
        verbose_name = "核实问询"
        verbose_name_plural = "核实问询"
        constraints = [
            models.CheckConstraint(
                condition=Q(state=QuestionState.ASKED) | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="sign_question_answered_with_words",
            )
        ]

    def __str__(self) -> str:
        return f"{self.voucher_id} {self.get_side_display()}"

    @transition(source=QuestionState.ASKED, target=QuestionState.ANSWERED, actor="企业、供应商", clause="S19/5.4.12")
    def give_answer(self) -> None: ...
