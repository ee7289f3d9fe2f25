"""Hand a file out to those who may see it."""

import uuid
from urllib.parse import quote

from csp.constants import SELF
from csp.decorators import csp_replace
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from platform_site.files.models import StoredFile
from platform_site.files.queries import content_of, file_visible_to

SHOWN_IN_PAGE = ("application/pdf", "image/jpeg", "image/png")


@require_safe
@xframe_options_sameorigin
@csp_replace({"frame-ancestors": [SELF]})  # type: ignore[arg-type]  # typed for views without further arguments
def download(request: HttpRequest, file_id: uuid.UUID) -> HttpResponse:
    """As an attachment; `?view=1` shows PDF and pictures inside the reviewer's page. Foreign files are 404."""
    try:
        file = file_visible_to(request.actor, file_id)  # type: ignore[attr-defined]
    except StoredFile.DoesNotExist as missing:
        raise Http404 from missing
    inline = request.GET.get("view") == "1" and file.content_type in SHOWN_IN_PAGE
    response = HttpResponse(content_of(file), content_type=file.content_type)
    response["Content-Disposition"] = f"{'inline' if inline else 'attachment'}; filename*=UTF-8''{quote(file.name)}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
