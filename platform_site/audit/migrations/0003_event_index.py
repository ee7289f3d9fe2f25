"""Nobody asks for events by pattern: one index of the two goes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_seal")]

    operations = [
        migrations.AlterField("entry", "event", models.CharField("事件", max_length=64)),
        migrations.AddIndex("entry", models.Index(fields=["event"], name="audit_by_event")),
    ]
