"""A submitted application, back in the shapes of the form."""

from typing import Any

from platform_site.files.models import StoredFile
from vouchers.models import Voucher
from vouchers.queries.vouchers import contract_files
from vouchers.rules.application import Application, AttachedFile, Cost


def application_of(voucher: Voucher) -> Application:
    """What was declared, for checking it again."""
    contract = voucher.contract
    return Application(
        product_id=voucher.product_id,
        supplier_id=contract.supplier_id,
        contract_number=contract.number,
        signed_on=contract.signed_on,
        total=contract.total,
        unrelated_amount=contract.unrelated_amount,
        costs=tuple(Cost(line.name, line.kind, line.amount) for line in contract.cost_lines.all()),
        modules=tuple(contract.modules),
        other_modules=tuple(contract.other_modules),
        devices=contract.devices,
        place=contract.place,
        place_city=contract.place_city_id or "",
        files=tuple(AttachedFile(one.file_id, one.kind) for one in contract_files(voucher)),
        bonus_claimed=voucher.bonus_claimed,
        pilot_id=voucher.pilot_id,
        declares_no_other_funds=True,
        commits=True,
    )


def correction_data(voucher: Voucher) -> dict[str, Any]:
    """The form as it was handed in; the declarations are made anew."""
    contract = voucher.contract
    lines = list(contract.cost_lines.all())
    data: dict[str, Any] = {
        "product": str(voucher.product_id),
        "contract_number": contract.number,
        "signed_on": contract.signed_on.isoformat(),
        "total": str(contract.total),
        "unrelated_amount": str(contract.unrelated_amount),
        "devices": "" if contract.devices is None else str(contract.devices),
        "place": contract.place,
        "place_city": contract.place_city_id or "",
        "modules": list(contract.modules),
        "other_modules": "、".join(contract.other_modules),
        "pilot": "" if voucher.pilot_id is None else str(voucher.pilot_id),
        "bonus_claimed": "on" if voucher.bonus_claimed else "",
        "costs-TOTAL_FORMS": str(len(lines)),
        "costs-INITIAL_FORMS": "0",
    }
    for number, line in enumerate(lines):
        data |= {
            f"costs-{number}-name": line.name,
            f"costs-{number}-kind": line.kind,
            f"costs-{number}-amount": str(line.amount),
        }
    return data


def correction_files(voucher: Voucher) -> list[tuple[StoredFile, str]]:
    return [(one.file, one.kind) for one in contract_files(voucher)]
