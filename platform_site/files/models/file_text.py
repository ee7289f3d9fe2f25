"""The words of a stored file, read once."""

from django.db import models

from platform_site.files.models.stored_file import StoredFile
from platform_site.files.rules.reading import READING_LABELS


class FileText(models.Model):
    """What a machine read in a file. reading: "text", or why there is none. text: "" then; without layout."""

    file = models.OneToOneField(StoredFile, on_delete=models.CASCADE, primary_key=True, related_name="words")
    reading = models.CharField("读取", max_length=12, choices=[(r.value, name) for r, name in READING_LABELS.items()])
    text = models.TextField("文字", blank=True)
    pages = models.PositiveIntegerField("页数", default=0)
    read_at = models.DateTimeField("读取时间")

    class Meta:
        verbose_name = "文件文字"
        verbose_name_plural = "文件文字"

    def __str__(self) -> str:
        return f"{self.file_id} {self.reading}"
