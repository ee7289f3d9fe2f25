"""What is typed about objections."""

from django import forms

from platform_site.kit.forms import FileInput, PlatformForm

REPLY_BYTES = 20 * 1024 * 1024


class ReplyForm(PlatformForm):
    text = forms.CharField(
        label="说明",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": "6"}),
        help_text="写明事实。只能提交一次，市局答复时会看到。",
    )
    file = forms.FileField(
        label="材料",
        required=False,
        widget=FileInput(accept=".pdf,.jpg,.jpeg,.png", max_bytes=REPLY_BYTES, kinds="PDF、JPG、PNG"),
    )
