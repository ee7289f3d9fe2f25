"""The unique pair of file and organisation begins with the file: it needs no index of its own."""

from django.db import migrations, models
from django.db.models import CASCADE


class Migration(migrations.Migration):
    dependencies = [("files", "0002_file_text")]

    operations = [
        migrations.AlterField(
            "filegrant",
            "file",
            models.ForeignKey(
                "files.storedfile", on_delete=CASCADE, related_name="grants", verbose_name="文件", db_index=False
            ),
        ),
    ]
