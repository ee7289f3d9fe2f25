"""Forms of people who manage people."""

from typing import Any

from django import forms

from platform_site.accounts.enums import ROLES_OF_KIND, Role, Task
from platform_site.accounts.models import Membership
from platform_site.kit.forms import PlatformForm

ROLE_HINTS: dict[str, str] = {
    Role.ENTERPRISE_ADMIN: "企业管理员：办理业务，管理本单位人员",
    Role.ENTERPRISE_STAFF: "企业经办人：办理业务",
    Role.SUPPLIER_ADMIN: "供应商管理员：办理业务，管理本单位人员",
    Role.SUPPLIER_STAFF: "供应商经办人：办理业务",
    Role.CITY_REVIEWER: "市级审核人：审核材料，提出意见",
    Role.CITY_APPROVER: "市级审批人：复核签发，不能批自己审核的件",
    Role.COUNTY_REVIEWER: "县区审核人：初核本县区材料",
    Role.BUREAU_ADMIN: "单位管理员：管理本单位人员",
    Role.PROVINCE_OFFICER: "省级经办人：起草政策、额度和审核意见",
    Role.PROVINCE_APPROVER: "省级审批人：复核签发，不能批自己起草的件",
    Role.ALLIANCE_STAFF: "联盟工作人员：组织入库、评审和评价",
    Role.FINANCE_OFFICER: "财政经办人：查看批次，确认支付",
    Role.EXPERT: "评审专家：评审分配给自己的项目",
    Role.OPERATOR_STAFF: "运营商人员：报送连接数据",
    Role.AUDITOR: "审计人员：全部可看，不能改（不能兼任其他角色）",
    Role.SYSTEM_ADMIN: "系统管理员：管运行，不看业务数据（不能兼任其他角色）",
}


def role_choices(kind: str) -> list[tuple[str, str]]:
    """What may be given in such an organisation; entrusting work has its own page."""
    return [(str(role), ROLE_HINTS[role]) for role in ROLES_OF_KIND[kind] if role != Role.DELEGATE]


class RolesForm(PlatformForm):
    roles = forms.MultipleChoiceField(label="角色", widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["roles"]
        field.choices = role_choices(kind)


class InviteForm(RolesForm):
    name = forms.CharField(label="姓名", max_length=60)
    email = forms.EmailField(label="邮箱", help_text="邀请信发到这里，7 天内有效，只能用一次。")

    field_order = ("name", "email", "roles")


class DelegateForm(PlatformForm):
    """Entrusting daily work to a third party (S19/8, T18/7)."""

    name = forms.CharField(label="姓名", max_length=60)
    email = forms.EmailField(label="邮箱", help_text="邀请信发到这里，7 天内有效，只能用一次。")
    entrusted_to = forms.CharField(label="受托机构", max_length=120, help_text="签委托合同的机构全称。")
    until = forms.DateField(label="委托截止日期", help_text="当天仍有效，第二天自动停用。")
    scope = forms.MultipleChoiceField(label="委托事项", choices=Task.choices, widget=forms.CheckboxSelectMultiple)


class HandOverForm(PlatformForm):
    """To a colleague, or to somebody who is not here yet."""

    to = forms.ChoiceField(label="交给本单位的成员", required=False)
    email = forms.EmailField(label="或交给还没有加入的人（邮箱）", required=False)
    name = forms.CharField(label="对方姓名", max_length=60, required=False)

    def __init__(self, *args: Any, colleagues: list[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.colleagues = {str(one.pk): one for one in colleagues}
        field: Any = self.fields["to"]
        field.choices = [("", "不选"), *((key, one.user.name) for key, one in self.colleagues.items())]

    def arguments(self) -> dict[str, Any]:
        """What `domain.hand_over` takes beside the membership."""
        data = self.cleaned_data
        return {"to": self.colleagues.get(data["to"]), "email": data["email"], "name": data["name"]}


class RecoveryForm(PlatformForm):
    name = forms.CharField(label="新联系人姓名", max_length=60)
    phone = forms.CharField(label="新联系人电话", max_length=20)
    email = forms.EmailField(label="新联系人邮箱", help_text="邀请信发到这里，7 天内有效，只能用一次。")
    ground = forms.CharField(
        label="核实情况",
        widget=forms.Textarea,
        max_length=1000,
        help_text="怎样确认对方代表该单位，例如：查验营业执照和盖章的授权书，并回拨单位登记电话确认。",
    )
    ends_previous = forms.BooleanField(
        label="新联系人接受邀请后，停用原有人员", required=False, help_text="原联系人已离职或账号可能被冒用时勾选。"
    )


class SearchForm(PlatformForm):
    q = forms.CharField(label="查找", required=False, max_length=60)
