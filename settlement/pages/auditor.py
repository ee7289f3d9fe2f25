"""What the auditor takes along."""

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from platform_site.files.queries import opened
from platform_site.kit import clock
from settlement.domain import ask_evidence
from settlement.domain.hand_out_evidence import JOB
from settlement.models import EvidenceBundle
from settlement.queries.evidence_bundle import bundles_visible_to
from vouchers.queries import vouchers_visible_to
from vouchers.queries.replay_progress import progress_of

EARLIER = 10


@require_POST
def evidence(request: HttpRequest, number: str) -> HttpResponse:
    """Ask for the evidence bundle of one voucher. Unknown vouchers are 404."""
    voucher = vouchers_visible_to(request.actor).filter(number=number).first()  # type: ignore[attr-defined]
    if voucher is None:
        raise Http404
    bundle = ask_evidence(voucher=voucher, by=request.actor, at=clock.now())  # type: ignore[attr-defined]
    return redirect("auditor:evidence_bundle", bundle_id=bundle.pk)


@require_safe
def evidence_bundle(request: HttpRequest, bundle_id: int) -> HttpResponse:
    """How far it is, then the file and how to check it; the voucher's earlier ones below."""
    bundle = _bundle(request, bundle_id)
    earlier = bundles_visible_to(request.actor).filter(voucher=bundle.voucher_id)  # type: ignore[attr-defined]
    context = {"bundle": bundle, "job": _job(bundle), "earlier": earlier.exclude(pk=bundle.pk)[:EARLIER]}
    return render(request, "auditor/evidence_bundle.html", context)


@require_safe
def evidence_progress(request: HttpRequest, bundle_id: int) -> HttpResponse:
    """The progress alone, for the page that waits; once it is over the page loads anew."""
    bundle = _bundle(request, bundle_id)
    answer = render(request, "auditor/evidence_progress.html", {"job": _job(bundle)})
    if bundle.finished_at is not None:
        answer["HX-Refresh"] = "true"
    return answer


@require_safe
def evidence_file(request: HttpRequest, bundle_id: int) -> FileResponse:
    """The archive, sent piece by piece. 404 while it is not made."""
    bundle = _bundle(request, bundle_id)
    if bundle.file is None:
        raise Http404
    answer = FileResponse(opened(bundle.file), as_attachment=True, filename=bundle.file.name)
    answer["Cache-Control"] = "private, no-store"
    return answer


def _bundle(request: HttpRequest, bundle_id: int) -> EvidenceBundle:
    found = bundles_visible_to(request.actor).filter(pk=bundle_id).first()  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return found


def _job(bundle: EvidenceBundle) -> dict[str, Any]:
    """For `c-job`."""
    found = progress_of(bundle.pk, job=JOB)
    state = "failed" if bundle.problem else "running" if bundle.finished_at is None else "done"
    return {
        "state": state,
        "done": bundle.parts if state == "done" else found.done,
        "total": bundle.parts if state == "done" else found.steps,
        "message": bundle.problem or ("" if found.steps or state == "done" else "正在排队，等后台空出来。"),
        "poll": reverse("auditor:evidence_progress", args=[bundle.pk]),
    }
