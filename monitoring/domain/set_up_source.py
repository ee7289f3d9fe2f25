"""The supplier gives monitoring information and the data interface (S19/5.4.10)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from monitoring.domain.devices import list_devices
from monitoring.domain.keys import issue
from monitoring.domain.sealing import new_secret, seal
from monitoring.enums import Event, SourceKind
from monitoring.models import Source
from monitoring.permissions import check_user_can_connect
from monitoring.policies import set_up_findings
from monitoring.queries import source_of, terms_of
from monitoring.rules.device_list import DeviceRow
from monitoring.rules.scheme import terms_to_json
from platform_site.audit.domain import record
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.kit.findings import refuse_if
from suppliers.models import Supplier
from vouchers.models import Voucher


@dataclass(frozen=True, slots=True)
class SetUp:
    """`secret` is "" when the source existed already: its key goes on, only devices were added."""

    source: Source
    key_id: str
    secret: str


@command
def set_up_source(
    *, voucher: Voucher, supplier: Supplier, devices: Sequence[DeviceRow], by: Actor, at: datetime
) -> SetUp:
    """Freeze the monitoring scheme for the voucher, list its devices, make the first key.

    Called again (a redemption confirmed a second time) it adds devices and changes nothing else.
    """
    check_user_can_connect(by, supplier)
    refuse_if(set_up_findings(voucher, supplier, devices))
    existing = source_of(voucher)
    source = existing or make_source(voucher=voucher, kind=SourceKind.SUPPLIER_PUSH, at=at)
    added = list_devices(voucher=voucher, devices=devices, at=at)
    key_id, secret = _key(source, at) if existing is None else ("", "")
    data = {"devices": len(added), "key_id": key_id, "scheme": source.scheme}
    record(by=by, at=at, event=Event.SOURCE_SET_UP, subject=voucher, data=data)
    return SetUp(source=source, key_id=key_id, secret=secret)


def make_source(*, voucher: Voucher, kind: str, at: datetime) -> Source:
    """A source with the scheme as it stands: frozen by the voucher's first source, the same for its others."""
    return Source.objects.create(
        voucher=voucher,
        supplier=voucher.supplier,
        product=voucher.product,
        kind=kind,
        scheme=terms_to_json(terms_of(voucher)),
        user_key=seal(new_secret()),
        set_up_at=at,
        state_since=at,
    )


def _key(source: Source, at: datetime) -> tuple[str, str]:
    issued = issue(at=at, source=source)
    return issued.key_id, issued.secret
