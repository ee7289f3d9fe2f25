"""A period from draft to publication: one person drafts, another signs, then it is announced ahead of its opening."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from catalog.domain.carry_products import carry_products
from catalog.enums import Event, PeriodState
from catalog.models import CatalogVersion, Clause, Edition, Period
from catalog.permissions import check_user_can_edit_policy, check_user_can_sign_period
from catalog.policies import (
    check_closable,
    check_own_values,
    check_period_order,
    check_publishable,
    check_signer,
)
from catalog.rules.windows import SHANGHAI
from platform_site.audit.domain import record
from platform_site.kit.actor import Actor, system_actor
from platform_site.kit.command import command
from platform_site.kit.findings import Finding, Refusal, refuse_if
from platform_site.kit.fsm import check_version, obj_state, perform
from platform_site.kit.locks import Rank, lock_one
from platform_site.notices.domain import announce
from platform_site.notices.enums import AnnouncementKind

OwnValues = Mapping[str, Mapping[str, Any]]


@command
def draft_period(
    *,
    edition: Edition,
    catalog_version: CatalogVersion,
    code: str,
    title: str,
    apply_from: datetime,
    apply_to: datetime,
    redeem_from: datetime,
    redeem_to: datetime,
    clause: str,
    by: Actor,
    at: datetime,
    parameters: OwnValues | None = None,
    assumptions_confirmed: bool = False,
) -> Period:
    """`clause`: the rule that sets the windows (N20/1). `parameters`: {key: {"value", "note"}} for this period."""
    check_user_can_edit_policy(by)
    period = Period(
        edition=edition,
        catalog_version=catalog_version,
        code=code,
        title=title,
        apply_from=apply_from,
        apply_to=apply_to,
        redeem_from=redeem_from,
        redeem_to=redeem_to,
        clause=Clause.objects.get(pk=clause),
        parameters={},
        assumptions_confirmed=assumptions_confirmed,
        **_drafter(by, at),
    )
    refuse_if([*_code_taken(code), *check_period_order(period), *check_own_values(period, parameters or {})])
    period.parameters = _plain(parameters)
    period.save(force_insert=True)
    record(by=by, at=at, event=Event.PERIOD_DRAFTED, subject=period, data=_shape(period))
    return period


@command
def amend_period(
    *,
    period: Period,
    changes: Mapping[str, Any],
    by: Actor,
    at: datetime,
    version: int | None = None,
) -> Period:
    """Change a draft. Whoever changes it becomes its maker and a signature given before falls away."""
    period = lock_one(Rank.PROVINCE, Period.objects.all(), pk=period.pk)
    check_user_can_edit_policy(by)
    check_version(period, version)
    if obj_state(period) != PeriodState.DRAFT:
        raise Refusal(_published_already())
    if by.user_id is None:
        raise Refusal(_needs_person())
    fields = _checked_changes(period, changes)
    period.drafted_by, period.drafted_by_label, period.drafted_at = by.user_id, by.label, at
    period.signed_by, period.signed_by_label, period.signed_at = None, "", None
    period.version += 1
    period.save(update_fields=[*fields, *_PERSONS, "version"])
    record(by=by, at=at, event=Event.PERIOD_AMENDED, subject=period, data=_shape(period))
    return period


@command
def sign_period(*, period: Period, by: Actor, at: datetime, version: int | None = None) -> Period:
    """The second person's signature (D/four_eyes); without it nothing can be published."""
    period = lock_one(Rank.PROVINCE, Period.objects.all(), pk=period.pk)
    check_user_can_sign_period(by)
    check_version(period, version)
    if obj_state(period) != PeriodState.DRAFT:
        raise Refusal(_published_already())
    refuse_if(check_signer(period, by.user_id))
    period.signed_by, period.signed_by_label, period.signed_at = by.user_id, by.label, at
    period.version += 1
    period.save(update_fields=["signed_by", "signed_by_label", "signed_at", "version"])
    record(by=by, at=at, event=Event.PERIOD_SIGNED, subject=period, data={"drafted_by": period.drafted_by})
    return period


@command
def publish_period(*, period: Period, by: Actor, at: datetime, version: int | None = None) -> Period:
    """Announce it. Raises Refusal with everything that is missing: signature, lead time (S19/6.1), assumptions."""
    period = lock_one(Rank.PROVINCE, Period.objects.select_related("edition", "catalog_version"), pk=period.pk)
    check_user_can_edit_policy(by)
    check_version(period, version)
    refuse_if([*check_publishable(period, at), *_overlapping(period)])
    period.announced_at = at
    perform(period, "publish", at=at, save=["announced_at"])
    carry_products(edition=period.edition, target=period.catalog_version, at=at)
    record(by=by, at=at, event=Event.PERIOD_PUBLISHED, subject=period, data=_shape(period))
    announce(
        title=f"{period.title}：申领和兑现安排",
        body=_announcement(period),
        kind=AnnouncementKind.PERIOD,
        period_code=period.code,
        by=system_actor("公布申领期"),
        at=at,
    )
    return period


@command
def close_period(*, period: Period, by: Actor, at: datetime) -> Period:
    """After the last day of redemption."""
    period = lock_one(Rank.PROVINCE, Period.objects.all(), pk=period.pk)
    check_user_can_edit_policy(by)
    refuse_if(check_closable(period, at))
    perform(period, "close", at=at)
    record(by=by, at=at, event=Event.PERIOD_CLOSED, subject=period)
    return period


_PERSONS = ("drafted_by", "drafted_by_label", "drafted_at", "signed_by", "signed_by_label", "signed_at")
_CHANGEABLE = frozenset(
    {
        "edition", "catalog_version", "title", "apply_from", "apply_to", "redeem_from", "redeem_to", "clause_id",
        "parameters", "assumptions_confirmed",
    }
)  # fmt: skip


def _checked_changes(period: Period, changes: Mapping[str, Any]) -> list[str]:
    """Set them on the draft and check the whole; the names of what was set."""
    unknown = sorted(set(changes) - _CHANGEABLE)
    if unknown:
        raise TypeError(f"a period has no changeable {', '.join(unknown)}")
    for name, value in changes.items():
        setattr(period, name, _plain(value) if name == "parameters" else value)
    refuse_if([*check_period_order(period), *check_own_values(period, period.parameters)])
    return sorted(changes)


def _drafter(by: Actor, at: datetime) -> dict[str, Any]:
    """Who drafts, as a period keeps it. Raises Refusal where it is no person."""
    if by.user_id is None:
        raise Refusal(_needs_person())
    return {"drafted_by": by.user_id, "drafted_by_label": by.label, "drafted_at": at}


def _plain(values: OwnValues | None) -> dict[str, dict[str, Any]]:
    return {key: {"value": own.get("value"), "note": own.get("note", "")} for key, own in (values or {}).items()}


def _shape(period: Period) -> dict[str, Any]:
    return {
        "code": period.code,
        "edition": period.edition.code,
        "catalog": period.catalog_version.code,
        "apply": [period.apply_from, period.apply_to],
        "redeem": [period.redeem_from, period.redeem_to],
        "parameters": period.parameters,
        "assumptions_confirmed": period.assumptions_confirmed,
    }


def _announcement(period: Period) -> str:
    """What the public reads; times by the server's clock."""
    moments = (period.apply_from, period.apply_to, period.redeem_from, period.redeem_to)
    begin, end, redeem, last = (f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" for moment in moments)
    return (
        f"申领：{begin} 至 {end}。\n兑现：{redeem} 至 {last}。\n"
        f"按提交先后受理，以服务器时间为准，到时自动开放和关闭。\n"
        f"适用政策：{period.edition.title}；产品目录：{period.catalog_version.title}。"
    )


def _code_taken(code: str) -> list[Finding]:
    if not Period.objects.filter(code=code).exists():
        return []
    return [
        Finding("period.code_taken", "S19/9", f"代码 {code} 已有一期在用。", "请换一个代码。", "code", title="代码重复")
    ]


def _overlapping(period: Period) -> list[Finding]:
    """Two periods never take applications at once: the allocator and the enterprises' caps count by period."""
    others = Period.objects.exclude(pk=period.pk).exclude(state=PeriodState.DRAFT)
    other = others.filter(apply_from__lt=period.apply_to, apply_to__gt=period.apply_from).first()
    if other is None:
        return []
    return [
        Finding(
            "period.overlaps",
            "S19/5.3.7",
            f"申领时间与“{other.title}”重叠。",
            "请错开两期的申领时间。",
            "apply_from",
            title="申领时间重叠",
        )
    ]


def _needs_person() -> Finding:
    return Finding("period.needs_person", "D/four_eyes", "申领期要由人起草。", "请登录后办理。", title="没有起草人")


def _published_already() -> Finding:
    return Finding(
        "period.published_already",
        "S19/6.1",
        "这一期已经公布，不能再改草稿。",
        "请刷新页面看最新情况。",
        title="已经公布",
    )
