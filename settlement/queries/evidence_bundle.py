"""Everything the platform holds about one voucher, part by part, for the auditor."""

import json
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import QuerySet

from monitoring.models import Verdict
from platform_site.accounts.enums import Role
from platform_site.audit.models import Entry
from platform_site.audit.queries import newest_seal, proof_of
from platform_site.files.models import StoredFile
from platform_site.files.queries import content_of
from platform_site.files.rules.names import kept_name
from platform_site.kit.actor import Actor
from platform_site.kit.findings import Finding
from settlement.models import (
    BankResult,
    BatchLine,
    Clawback,
    EvidenceBundle,
    NoticeLine,
    Payment,
    PaymentLedger,
    Redemption,
    RedemptionFile,
)
from settlement.models import Invoice as InvoiceModel
from vouchers.models import ApplicationReview, ContractFile, QuotaEvent, Voucher
from vouchers.queries.contract_text import contract_text_findings

Part = tuple[str, bytes]


def bundles_visible_to(actor: Actor) -> QuerySet[EvidenceBundle]:
    """All of them for auditors, newest first; nothing for anybody else."""
    found = EvidenceBundle.objects.select_related("voucher", "file").order_by("-pk")
    return found if actor.has(Role.AUDITOR) else found.none()


def bundle_parts(voucher: Voucher) -> list[Callable[[], Part]]:
    """What makes each part, in their order: rows as JSON, files as handed in, the record, proofs of the seal."""
    redemptions = list(Redemption.objects.filter(voucher=voucher).order_by("pk"))
    contract = voucher.contract
    trail = _trail(voucher, redemptions)
    rows: dict[str, Iterable[models.Model]] = {
        "voucher.json": [voucher],
        "enterprise.json": [voucher.enterprise],
        "contract.json": [contract, *contract.cost_lines.all()],
        "queue.json": _queue(voucher),
        "reviews.json": ApplicationReview.objects.filter(voucher=voucher).order_by("pk"),
        "redemptions.json": redemptions,
        "invoices.json": InvoiceModel.objects.filter(redemption__in=redemptions).order_by("pk"),
        "payments.json": Payment.objects.filter(redemption__in=redemptions).order_by("pk"),
        "verdict.json": Verdict.objects.filter(voucher=voucher),
        **_money(redemptions),
        "audit.json": trail,
    }
    made = [partial(_rows, name, of_table) for name, of_table in rows.items()]
    return [*made, partial(_findings, voucher), partial(_proofs, trail), *_documents(voucher, redemptions)]


def bundle_facts(voucher: Voucher, at: str, by: str) -> dict[str, Any]:
    """Head of the manifest: what, when, for whom, and where the chain of seals stood."""
    seal = newest_seal()
    chain = {"number": seal.number, "head": seal.head} if seal else None
    return {"voucher": voucher.number, "made_at": at, "made_for": by, "seal": chain}


def _queue(voucher: Voucher) -> list[models.Model]:
    events = list(QuotaEvent.objects.filter(voucher=voucher).select_related("decision").order_by("pk"))
    decisions = [event.decision for event in events if hasattr(event, "decision")]
    return [*events, *decisions, *voucher.movements.order_by("pk")]


def _findings(voucher: Voucher) -> Part:
    words = [_finding(one) for one in contract_text_findings(voucher.contract)]
    return "findings.json", _json({"application": voucher.findings, "contract_text": words})


def _finding(finding: Finding) -> dict[str, str]:
    return finding.as_dict()


def _money(redemptions: list[Redemption]) -> dict[str, Iterable[models.Model]]:
    of_claims = {"redemption__in": redemptions}
    return {
        "notice_lines.json": NoticeLine.objects.filter(**of_claims).order_by("pk"),
        "batch_lines.json": BatchLine.objects.filter(**of_claims).order_by("pk"),
        "bank_results.json": BankResult.objects.filter(line__redemption__in=redemptions).order_by("pk"),
        "ledger.json": PaymentLedger.objects.filter(**of_claims).order_by("pk"),
        "clawbacks.json": Clawback.objects.filter(**of_claims).order_by("pk"),
    }


def _trail(voucher: Voucher, redemptions: list[Redemption]) -> list[Entry]:
    """Everything written down about the voucher, its claims and the lists and batches they were on."""
    subjects: list[models.Model] = [voucher, *redemptions]
    subjects += {row.notice_list for row in redemptions if row.notice_list is not None}
    subjects += {line.batch for line in BatchLine.objects.filter(redemption__in=redemptions).select_related("batch")}
    wanted = models.Q(pk__in=[])
    for subject in subjects:
        wanted |= models.Q(subject_type=subject._meta.label_lower, subject_id=str(subject.pk))
    return list(Entry.objects.filter(wanted).order_by("pk"))


def _proofs(trail: list[Entry]) -> Part:
    found = {str(entry.pk): proof_of(entry) for entry in trail}
    told = {
        key: {
            "seal": proof.seal.number,
            "root": proof.seal.root,
            "digest": proof.digest,
            "holds": proof.holds,
            "steps": [[step.side, step.digest] for step in proof.steps],
        }
        for key, proof in found.items()
        if proof is not None
    }
    return "seal_proofs.json", _json(told)


def _documents(voucher: Voucher, redemptions: list[Redemption]) -> list[Callable[[], Part]]:
    """The files under their kind; a number before the name keeps equal names apart."""
    papers = [
        (row.kind, row.file) for row in ContractFile.objects.filter(contract=voucher.contract).select_related("file")
    ]
    claims = RedemptionFile.objects.filter(redemption__in=redemptions).select_related("file").order_by("pk")
    papers += [(row.kind, row.file) for row in claims]
    return [partial(_document, number, kind, file) for number, (kind, file) in enumerate(papers, start=1)]


def _document(number: int, kind: str, file: StoredFile) -> Part:
    return f"documents/{number:03d}-{kind}-{kept_name(file.name)}", content_of(file)


def _rows(name: str, rows: Iterable[models.Model]) -> Part:
    return name, _json([_row(row) for row in rows])


def _row(row: models.Model) -> dict[str, Any]:
    return {"table": row._meta.db_table} | {
        field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields
    }


def _json(content: Any) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=1, cls=DjangoJSONEncoder).encode()
