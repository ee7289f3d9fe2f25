"""One rule of a document."""

from django.db import models

from catalog.models.document import PolicyDocument


class Clause(models.Model):
    """What a rule says, in our own plain words, and where it is applied. The key ("S19/4.4.2") is for good."""

    key = models.CharField("条款", max_length=24, primary_key=True)
    document = models.ForeignKey(
        PolicyDocument, on_delete=models.PROTECT, related_name="clauses", verbose_name="所属文件"
    )
    summary = models.TextField("内容")
    applied_at = models.CharField("用在哪里", max_length=200)
    position = models.PositiveSmallIntegerField("次序", default=0)

    class Meta:
        verbose_name = "条款"
        verbose_name_plural = "条款"
        ordering = ["position"]

    def __str__(self) -> str:
        return self.key
