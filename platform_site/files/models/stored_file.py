"""One file and who may read it."""

import uuid

from django.db import models


class StoredFile(models.Model):
    """Content lies in storage under the id, never under the name the person gave; sha256 proves it unchanged.

    `owner_organisation_id` null: made by the platform itself. `purpose` is a word of the owning floor ("contract").
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField("文件名", max_length=200)
    content_type = models.CharField("类型", max_length=80)
    size = models.PositiveBigIntegerField("字节数")
    sha256 = models.CharField("指纹", max_length=64, db_index=True)
    purpose = models.CharField("用途", max_length=40)
    owner_organisation_id = models.BigIntegerField("上传单位", null=True, db_index=True)
    uploaded_by = models.BigIntegerField("上传人", null=True)
    uploaded_at = models.DateTimeField("上传时间")

    class Meta:
        verbose_name = "文件"
        verbose_name_plural = "文件"

    def __str__(self) -> str:
        return self.name


class FileGrant(models.Model):
    """An organisation that may read the file besides its owner."""

    file = models.ForeignKey(
        StoredFile, on_delete=models.CASCADE, related_name="grants", verbose_name="文件", db_index=False
    )
    organisation_id = models.BigIntegerField("单位", db_index=True)

    class Meta:
        verbose_name = "文件授权"
        verbose_name_plural = "文件授权"
        constraints = [models.UniqueConstraint(fields=["file", "organisation_id"], name="file_grant_once")]

    def __str__(self) -> str:
        return f"{self.file_id} → {self.organisation_id}"
