"""Attached files in the shape that the components take."""

from typing import Any

from django.urls import reverse


def file_rows(attached: list[Any], remove: str = "") -> list[dict[str, Any]]:
    """For `c-files`; `remove`: name of the route that takes one off, "" for reading only."""
    return [
        {
            "name": f"{one.get_kind_display()}：{one.file.name}",
            "size": one.file.size,
            "at": one.added_at,
            "url": reverse("files:download", args=[one.file_id]),
            "remove_id": one.pk if remove else None,
        }
        for one in attached
    ]
