"""What suppliers say about applications, where the edition asks them (T18/5.3.7)."""

from django.conf import settings
from django.db import migrations, models
from django.db.models import PROTECT, Q


class Migration(migrations.Migration):
    dependencies = [("vouchers", "0010_case_as_text"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.CreateModel(
            "SupplierAnswer",
            [
                ("id", models.BigAutoField(primary_key=True, serialize=False, auto_created=True, verbose_name="ID")),
                ("agrees", models.BooleanField("确认")),
                ("reason", models.TextField("意见", blank=True)),
                ("answered_at", models.DateTimeField("答复时间")),
                (
                    "answered_by",
                    models.ForeignKey(settings.AUTH_USER_MODEL, PROTECT, related_name="+", db_index=False),
                ),
                ("voucher", models.ForeignKey("vouchers.voucher", PROTECT, related_name="supplier_answers")),
            ],
            options={
                "verbose_name": "供应商对申领的答复",
                "verbose_name_plural": "供应商对申领的答复",
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(agrees=True) | ~Q(reason=""), name="supplier_objection_has_reason"
                    )
                ],
            },
        ),
    ]
