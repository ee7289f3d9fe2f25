"""Suppliers and products are searched by any part of name, pinyin, initials and company number."""

from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("suppliers", "0001_initial")]

    operations = [
        TrigramExtension(),
        migrations.RunSQL(
            "CREATE INDEX supplier_search ON suppliers_supplier USING gin (search_text gin_trgm_ops)",
            "DROP INDEX supplier_search",
        ),
        migrations.RunSQL(
            "CREATE INDEX product_search ON suppliers_product USING gin (search_text gin_trgm_ops)",
            "DROP INDEX product_search",
        ),
    ]
