"""Where data come from, and the keys that sign them."""

from django.db import models

from monitoring.enums import SOURCE_KINDS, SOURCE_STATES, SourceState
from platform_site.kit.fsm import StateField, Stateful, transition


class Source(Stateful):
    """One stream of evidence for one voucher. Two kinds are wanted (REF): the supplier's and the telecom operators'.

    One key per voucher, not per supplier: user accounts are unique only within one customer's system, and a key that
    leaks touches one voucher. `scheme` is the monitoring scheme as it stood when the source was set up.
    user_key: sealed; with it account ids become pseudonyms at the border, others for every voucher.
    """

    voucher = models.ForeignKey("vouchers.Voucher", models.PROTECT, related_name="+", verbose_name="服务券")
    supplier = models.ForeignKey("suppliers.Supplier", models.PROTECT, related_name="+", verbose_name="供应商")
    product = models.ForeignKey(
        "suppliers.Product", models.PROTECT, related_name="+", null=True, blank=True, verbose_name="产品"
    )
    kind = models.CharField("来源", max_length=16, choices=SOURCE_KINDS)
    state = StateField(default=SourceState.SET_UP, choices=SOURCE_STATES)
    scheme = models.JSONField("监测方案（接入时）", default=dict)
    user_key = models.BinaryField("账号假名密钥（加密保存）", default=bytes)
    set_up_at = models.DateTimeField("接入时间")
    tested_at = models.DateTimeField("最近沙箱测试", null=True, blank=True)
    test_result = models.JSONField("沙箱测试结果", default=list, help_text="每步一项：名称、结果、说明")

    class Meta:
        verbose_name = "数据来源"
        verbose_name_plural = "数据来源"
        constraints = [models.UniqueConstraint(fields=["voucher", "kind"], name="source_one_per_voucher_and_kind")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.voucher_id}"

    @transition(source=SourceState.SET_UP, target=SourceState.LIVE, actor="平台", clause="S19/5.4.12")
    def go_live(self) -> None: ...

    @transition(
        source=[SourceState.SET_UP, SourceState.LIVE], target=SourceState.CLOSED, actor="平台", clause="S19/5.4.13"
    )
    def close(self) -> None: ...


class AccessKey(models.Model):
    """Key id and sealed secret with which a supplier's source or an operator signs.

    valid_until null: no end yet. During rotation the old key stays valid until its date, so that nothing is lost.
    The secret is encrypted (not hashed): HMAC needs it.
    """

    key_id = models.CharField("密钥编号", max_length=32, unique=True)
    sealed_secret = models.BinaryField("密钥（加密保存）")
    source = models.ForeignKey(Source, models.PROTECT, related_name="keys", null=True, blank=True)
    organisation = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, related_name="+", null=True, blank=True, verbose_name="运营商"
    )
    made_at = models.DateTimeField("生成时间")
    valid_until = models.DateTimeField("有效期至", null=True, blank=True)

    class Meta:
        verbose_name = "接口密钥"
        verbose_name_plural = "接口密钥"
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(source__isnull=True, organisation__isnull=False)
                | models.Q(source__isnull=False, organisation__isnull=True),
                name="access_key_has_one_owner",
            ),
            models.UniqueConstraint(
                fields=["source"], condition=models.Q(valid_until__isnull=True), name="access_key_one_current_of_source"
            ),
            models.UniqueConstraint(
                fields=["organisation"],
                condition=models.Q(valid_until__isnull=True),
                name="access_key_one_current_of_organisation",
            ),
        ]

    def __str__(self) -> str:
        return self.key_id
