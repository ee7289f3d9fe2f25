"""What the auditor takes along."""

from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.views.decorators.http import require_POST

from platform_site.kit import clock
from settlement.domain import hand_out_evidence
from vouchers.queries import vouchers_visible_to


@require_POST
def evidence(request: HttpRequest, number: str) -> StreamingHttpResponse:
    """The evidence bundle of one voucher, sent while it is made. Unknown vouchers are 404."""
    voucher = vouchers_visible_to(request.actor).filter(number=number).first()  # type: ignore[attr-defined]
    if voucher is None:
        raise Http404
    pieces = hand_out_evidence(voucher=voucher, by=request.actor, at=clock.now())  # type: ignore[attr-defined]
    answer = StreamingHttpResponse(pieces, content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="evidence-{voucher.number}.zip"'
    answer["Cache-Control"] = "private, no-store"
    return answer
