"""Reading signs: of one voucher, of everything a person may see ranked, and what people were asked about them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Count, Max, Q, QuerySet, Sum

from monitoring.enums import AskedSide, QuestionState, SignState
from monitoring.models import Sign, SignQuestion, Verdict
from monitoring.queries.sign_facts import sign_terms
from platform_site.accounts.enums import Kind
from platform_site.kit.actor import Actor
from platform_site.kit.work_lists import PAGE_SIZE, Page
from vouchers.models import Voucher
from vouchers.queries import vouchers_visible_to

OPEN = (SignState.OPEN, SignState.LOOKED_AT, SignState.PROPOSED)  # of no effect yet: it counts
_OFFICES = (Kind.PROVINCE, Kind.CITY, Kind.COUNTY)
_SIDES = {Kind.ENTERPRISE: AskedSide.ENTERPRISE, Kind.SUPPLIER: AskedSide.SUPPLIER}


def signs_visible_to(actor: Actor) -> QuerySet[Sign]:
    """Province and auditor all, a bureau those of its area; enterprises, suppliers and others none."""
    if actor.organisation_kind not in _OFFICES:
        return Sign.objects.none()
    return Sign.objects.filter(voucher__in=vouchers_visible_to(actor)).order_by("-score", "kind")


def signs_with_vouchers(found: QuerySet[Sign]) -> QuerySet[Sign]:
    """For files: with everything a row prints."""
    around = ("voucher__enterprise", "voucher__city", "voucher__supplier", "voucher__product")
    return found.exclude(score=0, state__in=OPEN).select_related(*around)


def signs_of(voucher: Voucher) -> list[Sign]:
    """Highest first; those no longer found and never decided are left out."""
    found = Sign.objects.filter(voucher=voucher).exclude(score=0, state__in=OPEN)
    return list(found.order_by("-score", "kind"))


def in_doubt() -> Q:
    """Signs for which a person must look: open ones of weight, and those that were confirmed."""
    return Q(state__in=OPEN, score__gte=sign_terms().look_score) | Q(state=SignState.CONFIRMED)


def vouchers_in_doubt(voucher_ids: Iterable[int]) -> set[int]:
    found = Sign.objects.filter(in_doubt(), voucher__in=list(voucher_ids))
    return set(found.values_list("voucher_id", flat=True))


def unfrozen_verdicts(voucher_ids: Iterable[int]) -> set[int]:
    """Vouchers judged already, whose verdict may still change."""
    found = Verdict.objects.filter(voucher__in=list(voucher_ids), frozen_at__isnull=True)
    return set(found.values_list("voucher_id", flat=True))


def doubtful_vouchers(actor: Actor, signs: QuerySet[Sign] | None = None) -> QuerySet[Any]:
    """{"voucher", "top", "total", "number"} per voucher with signs (or with these signs), highest first.

    Signs no longer found count only where they were decided.
    """
    found = signs_visible_to(actor) if signs is None else signs
    found = found.exclude(score=0, state__in=OPEN)
    ranked = found.order_by().values("voucher").annotate(top=Max("score"), total=Sum("score"), number=Count("pk"))
    return ranked.order_by("-top", "-total", "-voucher")


def doubts_to_look_at(actor: Actor) -> int:
    """Vouchers with an open sign of weight that nobody has proposed to rule out."""
    found = signs_visible_to(actor).filter(in_doubt(), state__in=OPEN).exclude(state=SignState.PROPOSED)
    return found.order_by().values("voucher").distinct().count()


def ranked_page(ranked: QuerySet[Any], after: int | None, before: int | None, size: int = PAGE_SIZE) -> Page:
    """A page of `doubtful_vouchers` by key: the voucher at the edge says where to go on."""
    anchor = ranked.filter(voucher=before or after).first() if before or after else None
    if anchor and before:
        taken = list(ranked.filter(_beyond(anchor, "gt")).order_by("top", "total", "voucher")[: size + 1])
        rows = taken[:size][::-1]
        first = rows[0]["voucher"] if len(taken) > size else None
        return Page(rows, rows[-1]["voucher"] if rows else None, first)
    taken = list((ranked.filter(_beyond(anchor, "lt")) if anchor else ranked)[: size + 1])
    rows = taken[:size]
    last = rows[-1]["voucher"] if len(taken) > size else None
    return Page(rows, last, rows[0]["voucher"] if rows and anchor else None)


def _beyond(anchor: Mapping[str, int], way: str) -> Q:
    """Ranked lower (lt) or higher (gt) than this voucher."""
    top, total, voucher = anchor["top"], anchor["total"], anchor["voucher"]
    return (
        Q(**{f"top__{way}": top})
        | Q(top=top, **{f"total__{way}": total})
        | Q(top=top, total=total, **{f"voucher__{way}": voucher})
    )


def signs_by_voucher(voucher_ids: Sequence[int]) -> Mapping[int, list[Sign]]:
    """For a page of the list, with one query."""
    found: dict[int, list[Sign]] = {pk: [] for pk in voucher_ids}
    rows = Sign.objects.filter(voucher__in=voucher_ids).exclude(score=0, state__in=OPEN)
    for sign in rows.order_by("-score", "kind"):
        found[sign.voucher_id].append(sign)
    return found


def questions_visible_to(actor: Actor) -> QuerySet[SignQuestion]:
    """Offices: all about vouchers they see; enterprise and supplier: what they themselves are asked. Newest first."""
    found = SignQuestion.objects.filter(voucher__in=vouchers_visible_to(actor))
    side = _SIDES.get(Kind(actor.organisation_kind)) if actor.organisation_kind else None
    if side is not None:
        found = found.filter(side=side)
    elif actor.organisation_kind not in _OFFICES:
        found = found.none()
    return found.select_related("voucher__enterprise", "voucher__supplier", "voucher__product", "file").order_by("-pk")


def questions_of(voucher: Voucher) -> list[SignQuestion]:
    """Newest first."""
    return list(SignQuestion.objects.filter(voucher=voucher).select_related("file").order_by("-pk"))


def open_question(voucher: Voucher, side: str) -> SignQuestion | None:
    return SignQuestion.objects.filter(voucher=voucher, side=side, state=QuestionState.ASKED).first()
