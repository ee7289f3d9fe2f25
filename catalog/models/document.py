"""The documents everything rests on."""

from django.db import models


class PolicyDocument(models.Model):
    """One policy document, or the platform's own rules (label D).

    `issued_on` null: the document gives no reliable day; the province enters it. `number` empty: no official number.
    """

    label = models.CharField("代号", max_length=8, primary_key=True)
    number = models.CharField("文号", max_length=80, blank=True)
    title = models.CharField("标题", max_length=200)
    issuer = models.CharField("发文单位", max_length=120)
    issued_on = models.DateField("印发日期", null=True, blank=True)
    position = models.PositiveSmallIntegerField("次序", default=0)

    class Meta:
        verbose_name = "政策文件"
        verbose_name_plural = "政策文件"
        ordering = ["position"]

    def __str__(self) -> str:
        return self.title
