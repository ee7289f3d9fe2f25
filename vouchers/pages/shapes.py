"""Rows and boxes as the components take them."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.urls import reverse

from catalog.enums import PeriodState
from catalog.models import Period
from catalog.rules.assessment import Assessment, assessment_from_json
from platform_site.kit.findings import Finding
from vouchers.models import ContractFile, Enterprise, Voucher
from vouchers.queries.quota import Outlook, QueuePosition


def ladder_steps(assessment: Assessment) -> list[dict[str, Any]]:
    """For `c-ladder`."""
    return [
        {
            "title": step.title,
            "clause": list(step.clauses),
            "text": step.text,
            "amount_out": step.amount_out,
            "binds": step.binds,
            "skip": step.skipped,
        }
        for step in assessment.steps
    ]


def frozen_assessment(voucher: Voucher) -> Assessment | None:
    return assessment_from_json(voucher.assessment) if voucher.assessment else None


def findings_of(rows: Iterable[dict[str, str]]) -> list[Finding]:
    """Findings kept as JSON, back in their shape."""
    return [Finding(**row) for row in rows]  # type: ignore[arg-type]


def file_rows(files: Iterable[ContractFile]) -> list[dict[str, Any]]:
    return [
        {
            "name": one.file.name,
            "size": one.file.size,
            "url": reverse("files:download", args=[one.file_id]),
            "kind": one.get_kind_display(),
        }
        for one in files
    ]


def profile_files(enterprise: Enterprise) -> list[dict[str, Any]]:
    found = (enterprise.licence_file, enterprise.authorisation_file)
    return [
        {"name": one.name, "size": one.size, "url": reverse("files:download", args=[one.pk])} for one in found if one
    ]


def draft_files(files: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    kinds = {"contract": "合同", "supplement": "补充合同", "other": "其他材料"}
    return [
        {**one, "url": reverse("files:download", args=[one["id"]]), "kind_label": kinds.get(one["kind"], "")}
        for one in files
    ]


def ahead_rows(position: QueuePosition | None) -> list[dict[str, Any]]:
    if position is None:
        return []
    return [
        {"position": one.position, "city": one.city, "amount": one.amount, "mine": one.mine} for one in position.ahead
    ]


def binding_words(position: QueuePosition | None) -> dict[str, Any]:
    """What keeps the application waiting, the tightest dimension first."""
    if position is None or not position.binding:
        return {}
    tight = min(position.binding, key=lambda one: (not one.lacks, one.available))
    note = (
        f"余 {tight.available:,.2f} 元，本件需 {position.amount:,.2f} 元" if tight.lacks else "前面有申请在等，先到先得"
    )
    return {"binds": f"{tight.name}额度", "note": note, "used": tight.used, "total": tight.total}


def outlook_rows(found: Outlook) -> dict[str, Any]:
    """What would happen to an application now, dimension by dimension."""
    rows = [
        {"name": found.names[key], "left": left, "short": key in found.short, "held": key in found.held}
        for key, left in found.available.items()
    ]
    return {"served": found.served, "rows": rows, "waits_before": found.waits_before}


def phase_of(period: Period, at: datetime) -> str:
    """before, open or closed, as the server sees it; what decides is the database's clock at the arrival."""
    if period.state != PeriodState.PUBLISHED or at >= period.apply_to:
        return "closed"
    return "before" if at < period.apply_from else "open"


def waited(since: datetime | None, until: datetime) -> str:
    """How long somebody has been waiting, in one or two words; "" for nobody."""
    if since is None:
        return ""
    seconds = max(int((until - since).total_seconds()), 0)
    days, hours, minutes = seconds // 86400, seconds % 86400 // 3600, seconds % 3600 // 60
    if days:
        return f"{days} 天 {hours} 小时"
    if hours:
        return f"{hours} 小时 {minutes} 分"
    return f"{minutes} 分钟" if minutes else f"{seconds} 秒"


def sum_of(rows: Iterable[Voucher]) -> Decimal:
    return sum((row.current_amount for row in rows), Decimal("0.00"))
