"""Enterprises and vouchers are searched by any part of name, pinyin, initials, company and contract number."""

from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("vouchers", "0001_initial")]

    operations = [
        TrigramExtension(),
        migrations.RunSQL(
            "CREATE INDEX enterprise_search ON vouchers_enterprise USING gin (search_text gin_trgm_ops)",
            "DROP INDEX enterprise_search",
        ),
        migrations.RunSQL(
            "CREATE INDEX voucher_search ON vouchers_voucher USING gin (search_text gin_trgm_ops)",
            "DROP INDEX voucher_search",
        ),
    ]
