"""What people fill in: announcements and objections. What an objection must carry is the domain's to say."""

from django import forms

from platform_site.kit.forms import FileInput, PlatformForm
from platform_site.notices.enums import ANNOUNCEMENT_KINDS

EVIDENCE_BYTES = 20 * 1024 * 1024


class AskedText(forms.CharField):
    """Needed, but left to the domain, which names everything missing at once with its clause."""

    def validate(self, value: object) -> None:
        """Empty is let through here."""


class AskedFile(forms.FileField):
    """As `AskedText`."""

    def validate(self, value: object) -> None:
        """Empty is let through here."""


class ObjectionForm(PlatformForm):
    """Everything is needed."""

    name = AskedText(label="单位全称或姓名", max_length=120, help_text="要真实，只给处理单位看，不对外公开。")
    contact = AskedText(label="联系电话或邮箱", max_length=120, help_text="用来核实和答复，不对外公开。")
    statement = AskedText(
        label="异议内容",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": "6"}),
        help_text="对哪一点有异议，事实和理由是什么。",
    )
    evidence = AskedFile(
        label="佐证材料",
        help_text="单位提出的要加盖公章。",
        widget=FileInput(accept=".pdf,.jpg,.jpeg,.png", max_bytes=EVIDENCE_BYTES, kinds="PDF、JPG、PNG"),
    )


class AnnouncementForm(PlatformForm):
    title = forms.CharField(label="标题", max_length=160)
    kind = forms.ChoiceField(label="类别", choices=ANNOUNCEMENT_KINDS)
    body = forms.CharField(label="正文", max_length=20000, widget=forms.Textarea(attrs={"rows": "14"}))


class WithdrawalForm(PlatformForm):
    reason = forms.CharField(label="撤下原因", max_length=200)
