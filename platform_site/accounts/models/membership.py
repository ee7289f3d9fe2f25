"""A person's place in an organisation."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from platform_site.accounts.enums import APPROVERS, Role, Task
from platform_site.accounts.models.organisation import Organisation
from platform_site.accounts.models.user import User

_ENTRUSTED = models.Q(roles__contains=[Role.DELEGATE])


class Membership(models.Model):
    """Roles of one person in one organisation. Ended ones stay as history (`active` false).

    `until`: last day, null without end. `delegated_from`: the bureau that entrusts its daily work, null for own staff;
    then `scope` lists the entrusted tasks and `entrusted_to` names the third party the person works for (S19/8, T18/7).
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships", verbose_name="人员")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="memberships", verbose_name="单位"
    )
    roles = ArrayField(models.CharField(max_length=24, choices=Role), verbose_name="角色")
    active = models.BooleanField("有效", default=True)
    since = models.DateTimeField("起始时间")
    until = models.DateField("截止日期", null=True, blank=True)
    ended_at = models.DateTimeField("停用时间", null=True, blank=True)
    delegated_from = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name="委托单位"
    )
    entrusted_to = models.CharField("受托机构", max_length=120, blank=True)
    scope = ArrayField(models.CharField(max_length=24, choices=Task), default=list, blank=True, verbose_name="委托事项")

    class Meta:
        verbose_name = "成员"
        verbose_name_plural = "成员"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation"], condition=models.Q(active=True), name="membership_once"
            ),
            models.CheckConstraint(condition=~models.Q(roles=[]), name="membership_has_roles"),
            models.CheckConstraint(
                condition=(_ENTRUSTED & models.Q(delegated_from__isnull=False, until__isnull=False))
                | (~_ENTRUSTED & models.Q(delegated_from__isnull=True)),
                name="membership_delegate_has_bureau_and_term",
            ),
            models.CheckConstraint(
                condition=~(_ENTRUSTED & models.Q(roles__overlap=sorted([*APPROVERS, Role.BUREAU_ADMIN]))),
                name="membership_delegate_never_approves",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "active"], name="membership_by_organisation")]

    def __str__(self) -> str:
        return f"{self.user_id}@{self.organisation_id}"

    @property
    def delegated(self) -> bool:
        return self.delegated_from_id is not None

    def role_labels(self) -> list[str]:
        return [Role(role).label for role in self.roles]

    def scope_labels(self) -> list[str]:
        return [Task(task).label for task in self.scope]
