"""Reading the audit."""

import uuid

from django.db import models
from django.db.models import Q, QuerySet

from platform_site.audit.enums import event_names
from platform_site.audit.models import Entry
from platform_site.kit.actor import Actor


def trail_of(*subjects: models.Model | tuple[str, str], limit: int = 100) -> list[Entry]:
    """What happened to these subjects, newest first. The caller has already checked that the subjects may be seen."""
    wanted = Q(pk__in=[])
    for subject in subjects:
        kind, key = subject if isinstance(subject, tuple) else (subject._meta.label_lower, subject.pk)
        wanted |= Q(subject_type=kind, subject_id=str(key))
    return list(Entry.objects.filter(wanted).order_by("-id")[:limit])


def entries_visible_to(actor: Actor) -> QuerySet[Entry]:
    """Auditor and province see everything; every other organisation what its own members did."""
    if actor.has("auditor", "province_officer", "province_approver"):
        return Entry.objects.all()
    if actor.organisation_id is None:
        return Entry.objects.none()
    return Entry.objects.filter(organisation_id=actor.organisation_id)


def search_entries(rows: QuerySet[Entry], text: str, operation: uuid.UUID | None) -> QuerySet[Entry]:
    """Narrow by free text or an operation id; newest first."""
    if operation is not None:
        rows = rows.filter(op=operation)
    elif text:
        named = [event for event, name in event_names().items() if text in name]
        rows = rows.filter(
            Q(event__in=named)
            | Q(event__icontains=text)
            | Q(actor_label__icontains=text)
            | Q(subject_id=text)
            | Q(subject_type__icontains=text)
        )
    return rows.order_by("-id")
