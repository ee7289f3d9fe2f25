"""JSON kept letter for letter (PostgreSQL's `json`): frozen once, read whole and often, never searched in.

`jsonb` is written out anew each time it is read, which costs as much as fetching the rest of the row. In exchange
`json` has no equality, so rows that hold it cannot be made distinct.
"""

import json
from functools import partial
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg2.extras import Json


class FrozenJSONField(models.JSONField):
    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "json"

    def from_db_value(self, value: Any, expression: Any, connection: BaseDatabaseWrapper) -> Any:
        """The driver has read it already."""
        return value

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:
        return Json(value, dumps=partial(json.dumps, cls=self.encoder, ensure_ascii=False, separators=(",", ":")))
