"""The frozen case is kept as it was written: a what-if reads a hundred thousand, and nothing searches in them."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import migrations

from platform_site.kit.frozen_json import FrozenJSONField

TABLE = "vouchers_voucher"


class Migration(migrations.Migration):
    dependencies = [("vouchers", "0009_leaner_voucher")]

    operations = [
        migrations.SeparateDatabaseAndState(
            [
                migrations.RunSQL(
                    f'ALTER TABLE {TABLE} ALTER COLUMN "case" TYPE json',
                    f'ALTER TABLE {TABLE} ALTER COLUMN "case" TYPE jsonb',
                )
            ],
            [
                migrations.AlterField(
                    "voucher", "case", FrozenJSONField("试算条件", default=dict, encoder=DjangoJSONEncoder)
                )
            ],
        )
    ]
