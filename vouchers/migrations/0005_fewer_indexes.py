"""Foreign keys lose their own index where a longer one begins with it or nobody asks by it: a voucher's change of state
touches every index, and the opening rush consists of such changes."""

from django.conf import settings
from django.db import migrations, models
from django.db.models import PROTECT, Q


def key(to: str, related_name: str = "+", **more: bool) -> "models.ForeignKey":
    return models.ForeignKey(to, on_delete=PROTECT, related_name=related_name, db_index=False, **more)


def optional(to: str, related_name: str = "+") -> "models.ForeignKey":
    return key(to, related_name, null=True, blank=True)


class Migration(migrations.Migration):
    dependencies = [
        ("vouchers", "0004_quota_plans"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField("quotaevent", "period", key("catalog.period")),
        migrations.AlterField("quotamovement", "event", key("vouchers.quotaevent", "movements")),
        migrations.AlterField("quotamovement", "period", key("catalog.period")),
        migrations.AlterField("waitingclaim", "period", key("catalog.period")),
        migrations.AlterField("voucher", "catalog_version", key("catalog.catalogversion")),
        migrations.AlterField("voucher", "city", key("accounts.city")),
        migrations.AlterField("voucher", "edition", key("catalog.edition")),
        migrations.AlterField("voucher", "enterprise", key("vouchers.enterprise", "vouchers")),
        migrations.AlterField("voucher", "period", key("catalog.period")),
        migrations.AlterField("voucher", "pilot", optional("vouchers.pilot", "vouchers")),
        migrations.AlterField("voucher", "quota_supplier", key("suppliers.supplier")),
        migrations.AlterField("voucher", "reviewer", optional(settings.AUTH_USER_MODEL)),
        migrations.AlterField("voucher", "submitted_by", optional(settings.AUTH_USER_MODEL)),
        migrations.AlterField("voucher", "supplier", key("suppliers.supplier")),
        migrations.AddIndex(
            "voucher", models.Index(fields=["pilot"], condition=Q(pilot__isnull=False), name="voucher_of_pilot")
        ),
        migrations.AddIndex(
            "voucher",
            models.Index(fields=["reviewer"], condition=Q(reviewer__isnull=False), name="voucher_of_reviewer"),
        ),
    ]
