import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("files", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="FileText",
            fields=[
                (
                    "file",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="words",
                        serialize=False,
                        to="files.storedfile",
                    ),
                ),
                (
                    "reading",
                    models.CharField(
                        choices=[("text", "已读出"), ("scan", "扫描件，没有文字"), ("unreadable", "读不出")],
                        max_length=12,
                        verbose_name="读取",
                    ),
                ),
                ("text", models.TextField(blank=True, verbose_name="文字")),
                ("pages", models.PositiveIntegerField(default=0, verbose_name="页数")),
                ("read_at", models.DateTimeField(verbose_name="读取时间")),
            ],
            options={"verbose_name": "文件文字", "verbose_name_plural": "文件文字"},
        ),
    ]
