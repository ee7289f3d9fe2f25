"""Companies, bureaus and whoever else acts here."""

from django.db import models

from platform_site.accounts.enums import COMPANIES, Kind, OrganisationState
from platform_site.kit.fsm import StateField, Stateful, transition


class Organisation(Stateful):
    """Whoever people act for.

    `area_code`: the six-digit code of the city or county a bureau works for ("440000": the province), the home city
    of a company, "" for a supplier from outside the province. `parent`: the bureau above. One company may be enterprise
    and supplier: it then has two organisations with the same USCC.
    """

    kind = models.CharField("类别", max_length=12, choices=Kind)
    name = models.CharField("名称", max_length=120)
    area_code = models.CharField("地区代码", max_length=6, blank=True)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children", verbose_name="上级单位"
    )
    uscc = models.CharField("统一社会信用代码", max_length=18, blank=True)
    search_text = models.CharField("检索文字", max_length=500, blank=True, editable=False)
    state = StateField("状态", default=OrganisationState.ACTIVE, choices=OrganisationState)
    created_at = models.DateTimeField("建立时间")

    class Meta:
        verbose_name = "单位"
        verbose_name_plural = "单位"
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "uscc"], condition=~models.Q(uscc=""), name="organisation_uscc_once"
            ),
            models.UniqueConstraint(
                fields=["kind", "area_code"],
                condition=models.Q(kind__in=[Kind.CITY, Kind.COUNTY, Kind.PROVINCE, Kind.FINANCE]),
                name="organisation_bureau_once",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind__in=sorted(COMPANIES)) | ~models.Q(uscc=""),
                name="organisation_company_has_uscc",
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "area_code"], name="organisation_by_area"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_company(self) -> bool:
        return self.kind in COMPANIES

    @transition(source="active", target="closed", actor="省级单位管理员", clause="D/accounts")
    def close(self) -> None: ...

    @transition(source="closed", target="active", actor="省级单位管理员", clause="D/accounts")
    def reopen(self) -> None: ...
