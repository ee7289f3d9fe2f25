"""What may have changed between preparing an application and handing it in; all else was checked while preparing."""

from catalog.rules.terms import EditionTerms
from platform_site.kit.findings import Finding
from vouchers.rules.application import HandedIn, Surroundings
from vouchers.rules.contract_checks import number_findings, open_product_findings, pilot_findings, product_findings
from vouchers.rules.standing_checks import bar_findings, standing_findings


def press_findings(form: HandedIn, known: Surroundings, terms: EditionTerms | None) -> list[Finding]:
    """All of them, in the order of the form. `terms` None: no limit of the edition can bind (`limits_may_bind`)."""
    return [
        *(bar_findings(known) if terms is None else standing_findings(known, terms)),
        *product_findings(form, known.product),
        *number_findings(form, known),
        *open_product_findings(form, known),
        *pilot_findings(form, known),
    ]


def limits_may_bind(known: Surroundings) -> bool:
    """An approved enterprise that redeemed everything meets no limit on its number of vouchers, whatever the edition
    says."""
    return known.enterprise_state != "approved" or known.unredeemed > 0
