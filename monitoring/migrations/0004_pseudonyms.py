"""Account ids that were kept plainly become pseudonyms: in the days and in the log's payloads, which change their form.

Receipts are append-only; the few rejected account ids that old ones name stay in them. There is no way back: that is
what a pseudonym is for.
"""

import zlib

import orjson
from django.db import migrations

from monitoring.domain.sealing import new_secret, seal
from monitoring.rules.columns import of_rows
from monitoring.rules.payload import pack
from monitoring.rules.records import pseudonym


def give_keys(apps, schema_editor):
    models = {name: apps.get_model("monitoring", name) for name in ("Source", "UserDay", "Batch")}
    for source in models["Source"].objects.filter(user_key=b"").order_by("pk"):
        secret = new_secret()
        models["Source"].objects.filter(pk=source.pk).update(user_key=seal(secret))
        _rename_days(models["UserDay"], source, secret.encode())
        _repack(models["Batch"], source, secret.encode())


def _rename_days(days, source, key):
    rows = days.objects.filter(voucher_id=source.voucher_id, source_kind=source.kind)
    for user in set(rows.values_list("user", flat=True)):
        rows.filter(user=user).update(user=pseudonym(key, user))


def _repack(batches, source, key):
    """Every payload of a source; the form before this one had plain columns."""
    for batch in batches.objects.filter(source_id=source.pk).iterator(chunk_size=50):
        columns = orjson.loads(zlib.decompress(batch.payload))
        names = ("kind", "subject", "minute", "span", "address", "module", "count")
        rows = zip(*(columns[name] for name in names), strict=True)
        hidden = [(kind, pseudonym(key, who) if kind == "u" else who, *rest) for kind, who, *rest in rows]
        batches.objects.filter(pk=batch.pk).update(payload=pack(of_rows(hidden)))


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0003_pull")]
    operations = [migrations.RunPython(give_keys, migrations.RunPython.noop)]
