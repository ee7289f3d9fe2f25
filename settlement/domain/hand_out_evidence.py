"""The auditor takes everything about one voucher along; that he did is written down."""

from collections.abc import Iterator
from datetime import datetime

from platform_site.audit.domain import record, seal_all
from platform_site.audit.queries import manifest_signature
from platform_site.files.domain import store_pieces
from platform_site.kit.actor import Actor
from platform_site.kit.archive import stream_archive
from platform_site.kit.command import command
from platform_site.kit.locks import Rank, lock_one
from platform_site.messages.domain import notify
from platform_site.outbox.domain import enqueue
from settlement.enums import Event
from settlement.models import EvidenceBundle
from settlement.permissions import acting, check_user_can_take_evidence
from settlement.queries.evidence_bundle import Part, bundle_facts, bundle_parts
from vouchers.models import Voucher
from vouchers.queries.replay_progress import note_progress

JOB = "evidence"


def ask_evidence(*, voucher: Voucher, by: Actor, at: datetime) -> EvidenceBundle:
    """A worker makes the archive. What was written so far is sealed before, so that its proofs lie in it."""
    check_user_can_take_evidence(by)
    _note(voucher=voucher, by=by, at=at)
    seal_all(at=at)
    return _ask(voucher=voucher, by=by, at=at)


@command
def _note(*, voucher: Voucher, by: Actor, at: datetime) -> None:
    record(by=by, at=at, event=Event.EVIDENCE_TAKEN, subject=voucher)


@command
def _ask(*, voucher: Voucher, by: Actor, at: datetime) -> EvidenceBundle:
    """The one that is in work for this person, else a new one."""
    voucher = lock_one(Rank.VOUCHER, Voucher.objects.all(), pk=voucher.pk)
    whose = {"voucher": voucher, "asked_by": acting(by), "finished_at": None}
    bundle, new = EvidenceBundle.objects.get_or_create(**whose, defaults={"asked_at": at, "asked_by_name": by.label})
    if new:
        enqueue(task="settlement.make_evidence", kwargs={"bundle_id": bundle.pk}, at=at)
    return bundle


@command
def make_evidence(*, bundle_id: int, by: Actor, at: datetime) -> None:
    """Pack, keep, tell who asked."""
    bundles = EvidenceBundle.objects.select_related("voucher__contract", "voucher__enterprise")
    bundle = lock_one(Rank.LEDGER, bundles, pk=bundle_id)
    if bundle.finished_at is not None:
        return
    signed: list[str] = []

    def sign(digest: str) -> str:
        signed.append(digest)
        return manifest_signature(digest)

    voucher, facts = bundle.voucher, bundle_facts(bundle.voucher, at.isoformat(), bundle.asked_by_name)
    bundle.file = store_pieces(
        name=f"evidence-{voucher.number}.zip",
        pieces=stream_archive(_packed(bundle), facts, sign),
        content_type="application/zip",
        purpose="evidence_bundle",
        by=by,
        at=at,
    )
    bundle.manifest, bundle.finished_at = signed[0], at
    bundle.save(update_fields=["file", "manifest", "finished_at", "parts"])
    _tell(bundle, "已打包好，可以下载。", at)


def _packed(bundle: EvidenceBundle) -> Iterator[Part]:
    makers = bundle_parts(bundle.voucher)
    bundle.parts = len(makers)
    for number, make in enumerate(makers):
        note_progress(bundle.pk, number, len(makers), job=JOB)
        yield make()


@command
def fail_evidence(*, bundle_id: int, problem: str, at: datetime) -> None:
    """It broke off; who asked sees why and may ask again."""
    bundle = lock_one(Rank.LEDGER, EvidenceBundle.objects.select_related("voucher"), pk=bundle_id)
    if bundle.finished_at is not None:
        return
    bundle.problem, bundle.finished_at = problem[:200], at
    bundle.save(update_fields=["problem", "finished_at"])
    _tell(bundle, problem, at)


def _tell(bundle: EvidenceBundle, body: str, at: datetime) -> None:
    title = f"{bundle.voucher.number} 的证据包"
    notify(user_ids=[bundle.asked_by], title=title, body=body, at=at, link=f"/auditor/evidence/{bundle.pk}/")
