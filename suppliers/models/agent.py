"""Agents: companies that sell a supplier's products for it and share its quota."""

from django.db import models
from django.db.models import Q

from suppliers.enums import AGENT_KINDS, AgentKind


class Agent(models.Model):
    """Listed by the product's owner, who answers for it (S19/5.2.3(1)). `removed_at` null: in force."""

    supplier = models.ForeignKey("suppliers.Supplier", on_delete=models.PROTECT, related_name="agents")
    name = models.CharField("名称", max_length=120)
    uscc = models.CharField("统一社会信用代码", max_length=18, db_index=True)
    kind = models.CharField("关系", max_length=16, choices=AGENT_KINDS, default=AgentKind.AGENT)
    listed_at = models.DateTimeField("列入时间")
    removed_at = models.DateTimeField("移出时间", null=True, blank=True)

    class Meta:
        verbose_name = "代理商"
        constraints = [
            models.UniqueConstraint(
                fields=["supplier", "uscc"], condition=Q(removed_at__isnull=True), name="agent_once_per_supplier"
            ),
            # A company of a group belongs to one registered supplier only (S19/5.2.3(2)).
            models.UniqueConstraint(
                fields=["uscc"],
                condition=Q(removed_at__isnull=True, kind=AgentKind.GROUP_COMPANY),
                name="group_company_under_one_supplier",
            ),
        ]

    def __str__(self) -> str:
        return self.name
