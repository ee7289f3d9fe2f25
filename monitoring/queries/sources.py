"""Reading sources, keys and devices."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from monitoring.enums import SUPPLIER_KINDS, Outcome, SourceKind, SourceState
from monitoring.models import AccessKey, Batch, BatchReceipt, Device, Source, Verdict
from platform_site.kit.actor import Actor
from platform_site.kit.compiled import Compiled, given, one_of
from vouchers.enums import LIVE_STATES, VoucherState
from vouchers.models import Voucher
from vouchers.queries import vouchers_visible_to


def sources_visible_to(actor: Actor) -> QuerySet[Source]:
    """Sources of the vouchers the person may see; newest first."""
    found = Source.objects.filter(voucher__in=vouchers_visible_to(actor))
    return found.select_related("voucher", "voucher__enterprise", "product", "supplier").order_by("-set_up_at", "-pk")


def source_of(voucher: Voucher, kind: str = SourceKind.SUPPLIER_PUSH) -> Source | None:
    """The supplier's source, whether it sends or is asked; or the operators'."""
    kinds = SUPPLIER_KINDS if kind in SUPPLIER_KINDS else (kind,)
    return Source.objects.filter(voucher=voucher, kind__in=kinds).first()


# What every batch asks; see `kit.compiled`.
_KEY = Compiled(lambda: AccessKey.objects.select_related("organisation").filter(key_id=given("key_id")))
_LISTED = Compiled(
    lambda: Device.objects.filter(voucher_id=given("voucher"), removed_at__isnull=True).only("device_id").order_by()
)
_RECEIPT = Compiled(
    lambda: BatchReceipt.objects.filter(
        source_id=given("source"), batch_id=given("batch"), repeat_of__isnull=True
    ).order_by("pk")
)
_DECIDED = Verdict.objects.filter(Q(outcome=Outcome.PASSED) | Q(frozen_at__isnull=False), voucher_id=OuterRef("pk"))
_WAITS = Compiled(
    lambda: Voucher.objects.filter(~Exists(_DECIDED), pk=given("voucher"), state=VoucherState.REDEEMING).only("pk")
)
SOURCE_BY_ID = Compiled(lambda: Source.objects.filter(pk=given("pk")))
SOURCE_TO_LOCK = Compiled(lambda: Source.objects.filter(pk=given("pk")).select_for_update(no_key=True, of=("self",)))


def key_of(key_id: str, at: datetime) -> AccessKey | None:
    """The key if it is still valid; with the operator it belongs to."""
    found = next(iter(_KEY.rows(key_id=key_id)), None)
    return found if found and (found.valid_until is None or at < found.valid_until) else None


def keys_of(source: Source) -> list[AccessKey]:
    """Newest first, ended ones included."""
    return list(source.keys.all())


def keys_of_operator(organisation_id: int) -> list[AccessKey]:
    return list(AccessKey.objects.filter(organisation_id=organisation_id))


def devices_of(voucher: Voucher) -> QuerySet[Device]:
    """Listed ones, by number."""
    return Device.objects.filter(voucher=voucher, removed_at__isnull=True)


def device_ids_of(voucher_id: int) -> frozenset[str]:
    """Numbers of the listed ones."""
    return frozenset(row.device_id for row in _LISTED.rows(voucher=voucher_id))


def first_receipt(source: Source, batch_id: str) -> BatchReceipt | None:
    """Of the batch when it came for the first time."""
    return next(iter(_RECEIPT.rows(source=source.pk, batch=batch_id)), None)


def devices_listed(voucher_ids: Sequence[int]) -> dict[int, list[str]]:
    """Numbers of the listed ones by voucher, in order."""
    listed = Device.objects.filter(one_of("voucher_id", voucher_ids), removed_at__isnull=True).order_by("device_id")
    found: dict[int, list[str]] = defaultdict(list)
    for voucher_id, device_id in listed.values_list("voucher_id", "device_id"):
        found[voucher_id].append(device_id)
    return found


def device_counts(sources: Iterable[Source]) -> dict[int, int]:
    """Listed devices by voucher id."""
    listed = Device.objects.filter(voucher__in=[source.voucher_id for source in sources], removed_at__isnull=True)
    return dict(listed.values_list("voucher").annotate(number=Count("pk")).order_by("voucher"))


def devices_taken(device_ids: Iterable[str], voucher: Voucher) -> QuerySet[Device]:
    """Listed under another voucher that is still alive (a settled one is: what was paid is not paid again)."""
    listed = Device.objects.filter(device_id__in=list(device_ids), removed_at__isnull=True)
    return listed.exclude(voucher=voucher).filter(voucher__state__in=LIVE_STATES)


def devices_left_behind(device_ids: Iterable[str], voucher: Voucher) -> QuerySet[Device]:
    """Still listed under a voucher that fell away: free for another one."""
    listed = Device.objects.filter(device_id__in=list(device_ids), removed_at__isnull=True)
    return listed.exclude(voucher=voucher).exclude(voucher__state__in=LIVE_STATES)


def sources_to_fold(voucher_ids: Sequence[int] | None = None) -> list[int]:
    """Ids of sources with batches not yet counted, by key; of all vouchers, or of these."""
    waiting = Batch.objects.filter(source=OuterRef("pk"), folded_at__isnull=True)
    found = Source.objects.filter(Exists(waiting)).order_by("pk")
    if voucher_ids is not None:
        found = found.filter(one_of("voucher_id", voucher_ids))
    return list(found.values_list("pk", flat=True))


def vouchers_to_judge() -> list[int]:
    """Ids of vouchers under monitoring whose verdict is not frozen."""
    frozen = Verdict.objects.filter(voucher=OuterRef("voucher"), frozen_at__isnull=False)
    found = Source.objects.filter(~Exists(frozen)).exclude(state=SourceState.CLOSED)
    return sorted(set(found.values_list("voucher_id", flat=True)))


def waits_for_verdict(voucher_id: int) -> bool:
    """Being redeemed, and not yet passed: new data may decide."""
    return bool(_WAITS.rows(voucher=voucher_id))


def source_ids_of(voucher: Voucher) -> list[int]:
    """Every source of a voucher, the operators' feed included, by key."""
    return list(Source.objects.filter(voucher=voucher).order_by("pk").values_list("pk", flat=True))


def sources_of_dead_vouchers() -> list[int]:
    found = Source.objects.exclude(state=SourceState.CLOSED).exclude(voucher__state__in=LIVE_STATES)
    return list(found.order_by("pk").values_list("pk", flat=True))


def voucher_by_id(voucher_id: int) -> Voucher:
    return Voucher.objects.select_related("product", "contract", "edition", "enterprise", "supplier").get(pk=voucher_id)


def vouchers_by_id(voucher_ids: Sequence[int]) -> list[Voucher]:
    """By key, with no more than what judging reads of each; the rest is fetched when somebody asks for it."""
    found = Voucher.objects.filter(one_of("pk", voucher_ids)).select_related("contract", "enterprise").order_by("pk")
    return list(found.only("number", "amount", "prepared_amount", "contract__modules", "enterprise__organisation"))


def monitored_voucher(actor: Actor, number: str) -> Voucher:
    """By number, of those the person may see. Raises Voucher.DoesNotExist."""
    return vouchers_visible_to(actor).select_related("product", "contract", "edition").get(number=number)


def push_sources() -> QuerySet[Source]:
    """Sources that suppliers send to; for the stand-in supplier."""
    return _open_sources(SourceKind.SUPPLIER_PUSH).order_by("pk")


def pull_source_of(number: str) -> Source:
    """The source of a voucher that the platform fetches; for the stand-in supplier. Raises LookupError."""
    found = _open_sources(SourceKind.SUPPLIER_PULL).filter(voucher__number=number).first()
    if found is None:
        raise LookupError(number)
    return found


def _open_sources(kind: str) -> QuerySet[Source]:
    found = Source.objects.filter(kind=kind).exclude(state=SourceState.CLOSED)
    return found.select_related("voucher__product", "voucher__contract", "voucher__edition")


def voucher_by_number(number: str) -> Voucher:
    """Raises Voucher.DoesNotExist. For commands and jobs only: pages begin at what the person may see."""
    found = Voucher.objects.select_related("product", "contract", "edition", "enterprise", "supplier")
    return found.get(number=number)
