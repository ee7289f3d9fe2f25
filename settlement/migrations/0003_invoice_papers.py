from django.db import migrations, models

from settlement.rules.invoice_key import invoice_key


def read_keys(apps, schema_editor):
    """Papers read before the keys were kept."""
    papers = apps.get_model("settlement", "RedemptionFile")
    for paper in papers.objects.filter(kind="invoice").exclude(readout={}).iterator(500):
        if paper.readout.get("number"):
            paper.read_key = invoice_key(paper.readout.get("code") or "", paper.readout["number"])
            paper.save(update_fields=["read_key"])


class Migration(migrations.Migration):
    dependencies = [("settlement", "0002_clawback_matching_reply")]

    operations = [
        migrations.AddField(
            model_name="redemptionfile",
            name="read_key",
            field=models.CharField(blank=True, db_index=True, default="", max_length=40),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="redemptionfile",
            name="cancels_key",
            field=models.CharField(blank=True, db_index=True, default="", max_length=40),
            preserve_default=False,
        ),
        migrations.RunPython(read_keys, migrations.RunPython.noop, elidable=True),
    ]
