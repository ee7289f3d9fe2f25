import django.core.serializers.json
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Seal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(unique=True, verbose_name="封存号")),
                ("count", models.PositiveIntegerField(verbose_name="条数")),
                ("root", models.CharField(max_length=64, verbose_name="根")),
                ("previous", models.CharField(max_length=64, verbose_name="上一封存")),
                ("head", models.CharField(max_length=64, unique=True, verbose_name="链头")),
                ("signature", models.CharField(max_length=64, verbose_name="签名")),
                ("columns", models.JSONField(default=dict, verbose_name="列")),
                ("sealed_at", models.DateTimeField(db_index=True, verbose_name="封存时间")),
            ],
            options={"verbose_name": "审计封存", "verbose_name_plural": "审计封存", "ordering": ["number"]},
        ),
        migrations.CreateModel(
            name="SealCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("checked_at", models.DateTimeField(db_index=True, verbose_name="核对时间")),
                ("seals", models.PositiveIntegerField()),
                ("rows", models.PositiveBigIntegerField()),
                (
                    "damages",
                    models.JSONField(default=list, encoder=django.core.serializers.json.DjangoJSONEncoder),
                ),
            ],
            options={"verbose_name": "封存核对", "verbose_name_plural": "封存核对"},
        ),
        migrations.CreateModel(
            name="SealMember",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveIntegerField()),
                ("table", models.CharField(max_length=48)),
                ("row_id", models.BigIntegerField()),
                ("digest", models.CharField(max_length=64)),
                (
                    "seal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="members", to="audit.seal"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("table", "row_id"), name="sealed_once"),
                    models.UniqueConstraint(fields=("seal", "position"), name="seal_position_once"),
                ],
            },
        ),
    ]
