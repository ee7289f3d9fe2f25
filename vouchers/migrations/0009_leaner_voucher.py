"""What a voucher is found by moves to its contract, and indexes for patterns nobody asks by go: each change of state
wrote all of them anew."""

from django.db import migrations, models
from django.db.models import PROTECT

import platform_site.kit.fsm
from vouchers.enums import VoucherState

CARRY = """
UPDATE vouchers_contract c SET search_text = v.search_text FROM vouchers_voucher v WHERE v.contract_id = c.id
"""
CARRY_BACK = """
UPDATE vouchers_voucher v SET search_text = c.search_text FROM vouchers_contract c WHERE v.contract_id = c.id
"""


class Migration(migrations.Migration):
    dependencies = [("vouchers", "0008_policy_what_if")]

    operations = [
        migrations.RunSQL(
            "DROP INDEX voucher_search",
            "CREATE INDEX voucher_search ON vouchers_voucher USING gin (search_text gin_trgm_ops)",
        ),
        migrations.AddField("contract", "search_text", models.TextField("检索", blank=True, default="")),
        migrations.RunSQL(CARRY, CARRY_BACK),
        migrations.RunSQL(
            "CREATE INDEX contract_search ON vouchers_contract USING gin (search_text gin_trgm_ops)",
            "DROP INDEX contract_search",
        ),
        migrations.RemoveField("voucher", "search_text"),
        migrations.AlterField("voucher", "number", models.CharField("申请号", max_length=24, null=True)),
        migrations.AlterField("voucher", "receipt_no", models.CharField("回执号", max_length=24, null=True)),
        migrations.AddConstraint("voucher", models.UniqueConstraint(fields=["number"], name="voucher_number_once")),
        migrations.AddConstraint(
            "voucher", models.UniqueConstraint(fields=["receipt_no"], name="voucher_receipt_once")
        ),
        migrations.AlterField(
            "voucher",
            "state",
            platform_site.kit.fsm.StateField("状态", default="draft", choices=VoucherState.choices, db_index=False),
        ),
        migrations.AddIndex("voucher", models.Index(fields=["state"], name="voucher_in_state")),
        migrations.AlterField(
            "quotabalance",
            "period",
            models.ForeignKey("catalog.period", on_delete=PROTECT, related_name="+", db_index=False),
        ),
    ]
