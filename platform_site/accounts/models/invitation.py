"""Ways into an organisation: invitations and recoveries."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from platform_site.accounts.enums import Purpose, Role, Task
from platform_site.accounts.models.organisation import Organisation
from platform_site.accounts.models.user import User


class Recovery(models.Model):
    """An official of the responsible bureau checked who speaks for a company now and lets a new contact in.

    `ends_previous`: on acceptance the earlier members' access ends, because they have left.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="recoveries")
    name = models.CharField("新联系人", max_length=60)
    phone = models.CharField("电话", max_length=20)
    email = models.EmailField("邮箱")
    ground = models.TextField("核实情况")
    ends_previous = models.BooleanField("停用原有人员", default=False)
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="核实人")
    bureau = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="核实单位")
    opened_at = models.DateTimeField("办理时间")

    class Meta:
        verbose_name = "账号找回"
        verbose_name_plural = "账号找回"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.name}"


class Invitation(models.Model):
    """A letter that can be used once and within its term. Its link carries `secret` signed with the platform's key.

    `hands_over`: the membership that ends when the letter is accepted. `recovery`: what it rests on, else null.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="invitations")
    purpose = models.CharField("用途", max_length=12, choices=Purpose, default=Purpose.INVITE)
    email = models.EmailField("邮箱")
    name = models.CharField("姓名", max_length=60, blank=True)
    roles = ArrayField(models.CharField(max_length=24, choices=Role), verbose_name="角色")
    secret = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+", verbose_name="邀请人")
    invited_at = models.DateTimeField("邀请时间")
    expires_at = models.DateTimeField("有效至")
    accepted_at = models.DateTimeField("接受时间", null=True, blank=True)
    accepted_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)
    hands_over = models.ForeignKey(
        "accounts.Membership", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    recovery = models.ForeignKey(Recovery, null=True, blank=True, on_delete=models.PROTECT, related_name="invitations")
    until = models.DateField("委托截止日期", null=True, blank=True)
    entrusted_to = models.CharField("受托机构", max_length=120, blank=True)
    scope = ArrayField(models.CharField(max_length=24, choices=Task), default=list, blank=True, verbose_name="委托事项")

    class Meta:
        verbose_name = "邀请"
        verbose_name_plural = "邀请"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(accepted_at__isnull=True) | models.Q(withdrawn_at__isnull=True),
                name="invitation_accepted_or_withdrawn",
            )
        ]

    def __str__(self) -> str:
        return f"{self.email} → {self.organisation_id}"

    def role_labels(self) -> list[str]:
        return [Role(role).label for role in self.roles]
