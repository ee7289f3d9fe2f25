"""Ruling a sign out takes two people. Of those ruled out before it is known who gave the reason, and nobody else."""

from django.db import migrations, models
from django.db.models import F, Q

from monitoring.enums import SIGN_STATES, SignState
from platform_site.kit.fsm import StateField

KEEP = """
UPDATE monitoring_sign SET proposed_by = coalesce(decided_by, 0), proposed_by_name = decided_by_name,
    proposed_at = decided_at, decided_by = NULL
WHERE state = 'dismissed'
"""
KEEP_BACK = "UPDATE monitoring_sign SET decided_by = proposed_by WHERE state = 'dismissed' AND decided_by IS NULL"


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0009_days_without_spare_index")]

    operations = [
        migrations.AddField("sign", "proposed_by", models.BigIntegerField(null=True, blank=True)),
        migrations.AddField(
            "sign", "proposed_by_name", models.CharField("提请人", max_length=120, blank=True, default="")
        ),
        migrations.AddField("sign", "proposed_at", models.DateTimeField("提请时间", null=True, blank=True)),
        migrations.AlterField("sign", "state", StateField("状态", default=SignState.OPEN, choices=SIGN_STATES)),
        migrations.RunSQL(KEEP, KEEP_BACK),
        migrations.AddConstraint(
            "sign",
            models.CheckConstraint(
                condition=~Q(state=SignState.DISMISSED)
                | (Q(proposed_by__isnull=False) & ~Q(decided_by=F("proposed_by"))),
                name="sign_ruled_out_by_two",
            ),
        ),
    ]
