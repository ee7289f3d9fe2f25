"""The table of address ranges, read once per process."""

import csv
import functools

from django.conf import settings

from monitoring.rules.ip_region import RegionTable, table_from_rows

FILE = settings.BASE_DIR / "fixtures" / "monitoring" / "ip_regions.csv"


@functools.cache
def region_table() -> RegionTable:
    with FILE.open(encoding="utf-8", newline="") as lines:
        return table_from_rows(csv.DictReader(lines))
