"""Notice lists and the objections to them."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F, Q, QuerySet

from catalog.models import Period
from platform_site.accounts.enums import Kind
from platform_site.kit.actor import Actor
from platform_site.notices.models import Objection, PublicNotice
from settlement.enums import NoticeListState, RedemptionState
from settlement.models import NoticeFile, NoticeLine, NoticeList, NoticeListVersion, Redemption
from settlement.queries.redemptions import READS_ALL
from settlement.rules.fingerprint import PublishedLine, line_fingerprint, list_fingerprint
from vouchers.enums import ISSUED_STATES
from vouchers.models import Voucher

PUBLIC_STATES = (
    NoticeListState.PUBLISHED,
    NoticeListState.CORRECTED,
    NoticeListState.CLOSED,
    NoticeListState.PARTLY_SETTLED,
    NoticeListState.SETTLED,
)
SUBJECT = "settlement.noticelist"
PRINTED_DIGITS = 32


def notice_lists_visible_to(actor: Actor) -> QuerySet[NoticeList]:
    """A city its own, province and auditor all. What is published everybody reads through `published_lists`."""
    found = NoticeList.objects.select_related("city", "period", "notice")
    if actor.has(*READS_ALL):
        return found
    if actor.organisation_kind in (Kind.CITY, Kind.FINANCE):
        return found.filter(city_id=actor.area_code)
    return found.none()


def published_lists() -> QuerySet[NoticeList]:
    """What everybody may read. A list signed anew after a correction stays readable in its last version."""
    shown = Q(state__in=PUBLIC_STATES) | Q(state=NoticeListState.SIGNED, published_at__isnull=False)
    return NoticeList.objects.filter(shown).select_related("city", "period", "notice")


def newest_version(notice_list: NoticeList) -> NoticeListVersion | None:
    return notice_list.versions.order_by("-version").first()


def published_version(notice_list: NoticeList) -> NoticeListVersion | None:
    """The version that is or was open to the public: the newest made up to the publication."""
    if notice_list.published_at is None:
        return None
    return notice_list.versions.filter(made_at__lte=notice_list.published_at).order_by("-version").first()


def public_versions(notice_list: NoticeList) -> list[NoticeListVersion]:
    """Every version that was ever open to the public, the first first."""
    newest = published_version(notice_list)
    if newest is None:
        return []
    return list(notice_list.versions.filter(version__lte=newest.version).order_by("version"))


def published_versions(notice_lists: Iterable[NoticeList]) -> dict[int, NoticeListVersion]:
    """`published_version` for many lists with one query, by the list's id."""
    public = NoticeListVersion.objects.filter(
        notice_list__in=[one.pk for one in notice_lists], made_at__lte=F("notice_list__published_at")
    )
    newest = public.order_by("notice_list", "-version").distinct("notice_list")
    return {version.notice_list_id: version for version in newest}


def lines_of(version: NoticeListVersion, words: str = "") -> QuerySet[NoticeLine]:
    """In order; searched over enterprise, supplier, product and voucher number."""
    found = version.lines.select_related("redemption").order_by("line_no")
    for word in words.split():
        found = found.filter(
            Q(enterprise_name__icontains=word)
            | Q(supplier_name__icontains=word)
            | Q(product_name__icontains=word)
            | Q(voucher_number__icontains=word)
        )
    return found


def as_published(line: NoticeLine) -> PublishedLine:
    return PublishedLine(
        line_no=line.line_no,
        voucher_number=line.voucher_number,
        enterprise=line.enterprise_name,
        supplier=line.supplier_name,
        product=line.product_name,
        amount=line.amount,
        bonus=line.bonus,
        matching=line.matching,
    )


def approved_waiting(city_id: str, period_id: int) -> QuerySet[Redemption]:
    """Everything that belongs on the city's next list, in the order of redemption."""
    return (
        Redemption.objects.filter(
            city_id=city_id, period_id=period_id, state__in=[RedemptionState.APPROVED, RedemptionState.POSTPONED]
        )
        .select_related("voucher__enterprise", "voucher__supplier", "voucher__product")
        .order_by("submitted_at", "sequence", "pk")
    )


@dataclass(frozen=True, slots=True)
class ListCheck:
    """Whether the stored rows still give the fingerprint that was signed. wrong_lines: numbers of rows that don't."""

    version: NoticeListVersion
    intact: bool
    wrong_lines: tuple[int, ...]
    count: int
    total: Decimal


def verify_version(version: NoticeListVersion) -> ListCheck:
    """Recompute every fingerprint from the rows."""
    number = version.notice_list.number
    lines = list(version.lines.order_by("line_no"))
    plain = [as_published(line) for line in lines]
    wrong = tuple(
        line.line_no
        for line, row in zip(lines, plain, strict=True)
        if line_fingerprint(number, version.version, row) != line.line_hash
    )
    same = list_fingerprint(number, version.version, version.title, plain) == version.content_hash
    total = sum((line.amount + line.bonus + line.matching for line in lines), Decimal("0.00"))
    return ListCheck(version, same and not wrong and len(lines) == version.count, wrong, len(lines), total)


def objections_visible_to(actor: Actor) -> QuerySet[Objection]:
    """Objections to notice lists: a city's to its own lists; province and auditor all."""
    notices = PublicNotice.objects.filter(subject_type=SUBJECT)
    found = Objection.objects.select_related("notice", "evidence").filter(notice__in=notices)
    if actor.has(*READS_ALL):
        return found
    if actor.organisation_kind != Kind.CITY:
        return found.none()
    own = NoticeList.objects.filter(city_id=actor.area_code).values_list("pk", flat=True)
    return found.filter(notice__subject_id__in=[str(pk) for pk in own])


def list_of_notice(notice: PublicNotice) -> NoticeList:
    return NoticeList.objects.select_related("city", "period").get(pk=int(notice.subject_id))


def line_of_key(notice_list: NoticeList, line_key: str) -> NoticeLine | None:
    """The row an objection names (its key is the voucher's number) in the published version."""
    version = published_version(notice_list)
    return version.lines.filter(voucher_number=line_key).first() if version and line_key else None


def open_objections(notice_list: NoticeList) -> QuerySet[Objection]:
    """Not answered yet, over all notices of the list."""
    return Objection.objects.filter(notice__subject_type=SUBJECT, notice__subject_id=str(notice_list.pk), state="filed")


def notice_by_id(notice_id: int) -> PublicNotice:
    """For jobs. Raises PublicNotice.DoesNotExist."""
    return PublicNotice.objects.get(pk=notice_id)


def objection_by_id(objection_id: int) -> Objection:
    """For jobs. Raises Objection.DoesNotExist."""
    return Objection.objects.select_related("notice").get(pk=objection_id)


def periods_with_approved(city_id: str) -> QuerySet[Period]:
    """Periods of which something approved in the city is on no list yet."""
    states = [RedemptionState.APPROVED, RedemptionState.POSTPONED]
    waiting = Redemption.objects.filter(city_id=city_id, state__in=states).values("period_id")
    return Period.objects.filter(pk__in=waiting)


def approved_of_city(city_id: str) -> QuerySet[Redemption]:
    """Approved and on no list, over all periods."""
    states = [RedemptionState.APPROVED, RedemptionState.POSTPONED]
    found = Redemption.objects.filter(city_id=city_id, state__in=states)
    return found.select_related("voucher__enterprise", "voucher__supplier", "voucher__product", "period").order_by(
        "period_id", "submitted_at", "pk"
    )


def rows_of_list(notice_list: NoticeList) -> QuerySet[Redemption]:
    """The redemptions of a list as they stand now, in its order."""
    found = Redemption.objects.filter(notice_list=notice_list)
    return found.select_related("voucher__enterprise", "voucher__supplier", "voucher__product").order_by(
        "submitted_at", "sequence", "pk"
    )


def published_by_number(number: str) -> NoticeList | None:
    return published_lists().filter(number__iexact=number.strip()).first()


def published_by_fingerprint(digits: str) -> NoticeListVersion | None:
    """A published version whose fingerprint begins so; at least the 32 printed digits are asked for."""
    plain = "".join(digits.lower().split())
    if len(plain) < PRINTED_DIGITS or not set(plain) <= set("0123456789abcdef"):
        return None
    shown = published_lists().values("pk")
    return NoticeListVersion.objects.filter(content_hash__startswith=plain, notice_list__in=shown).first()


def published_file(sha256: str) -> NoticeFile | None:
    """The very file that was handed out, by its hash."""
    return NoticeFile.objects.filter(sha256=sha256).select_related("list_version__notice_list").first()


def line_of_voucher(voucher: Voucher) -> NoticeLine | None:
    """The voucher's row in the newest published list that names it."""
    found = NoticeLine.objects.filter(redemption__voucher=voucher, list_version__notice_list__in=published_lists())
    shown = found.filter(list_version__made_at__lte=F("list_version__notice_list__published_at"))
    return shown.select_related("list_version__notice_list").order_by("-pk").first()


def voucher_for_everybody(number: str) -> Voucher | None:
    """State, enterprise, product and amount of an issued voucher: nothing else is shown."""
    issued = Voucher.objects.filter(number__iexact=number.strip(), state__in=ISSUED_STATES)
    return issued.select_related("enterprise", "product", "supplier").first()
