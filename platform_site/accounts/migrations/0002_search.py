"""Names, pinyin and company numbers are searched by any part of them."""

from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        TrigramExtension(),
        migrations.RunSQL(
            "CREATE INDEX organisation_search ON accounts_organisation USING gin (search_text gin_trgm_ops)",
            "DROP INDEX organisation_search",
        ),
    ]
