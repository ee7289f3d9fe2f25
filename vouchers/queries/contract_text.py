"""The contract's own words beside what the form says."""

from platform_site.files.queries import texts_of
from platform_site.files.rules.reading import Reading
from platform_site.kit.findings import Finding
from vouchers.enums import ContractFileKind
from vouchers.models import Contract
from vouchers.rules.contract_text import Sought, no_text_finding, text_findings

_WITH_TEXT = (ContractFileKind.CONTRACT, ContractFileKind.SUPPLEMENT)


def contract_text_findings(contract: Contract) -> list[Finding]:
    """What is missing in the words of contract and supplements together; or why there are no words."""
    files = list(contract.files.filter(kind__in=_WITH_TEXT).values_list("file_id", flat=True))
    read = texts_of(files)
    words = [one.text for one in read.values() if one.reading == Reading.TEXT]
    if words:
        return text_findings(_sought(contract), "\n".join(words))
    if not files:
        return [no_text_finding("none")]
    if len(read) < len(files):
        return [no_text_finding("waiting")]
    readings = {one.reading for one in read.values()}
    return [no_text_finding("scan" if Reading.SCAN in readings else "unreadable")]


def _sought(contract: Contract) -> Sought:
    return Sought(
        parties=(contract.enterprise.name, contract.supplier.name),
        product=contract.product.name,
        modules=(*contract.modules, *contract.other_modules),
        amount=contract.total,
        signed_on=contract.signed_on,
    )
