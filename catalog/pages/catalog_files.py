"""The catalog as a paper: PDF and Excel of any version the person may see."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from catalog import queries
from catalog.documents import catalog_html, catalog_pdf, catalog_sheet
from catalog.models import CatalogVersion
from platform_site.kit.attachments import excel, pdf
from platform_site.kit.pdf import PdfUnavailableError


@require_safe
def catalog_as_pdf(request: HttpRequest, code: str) -> HttpResponse:
    """The official file; where the machine cannot draw PDF, the same page to print."""
    found = _found(request, code)
    try:
        return pdf(catalog_pdf(found), f"catalog-{found.code}")
    except PdfUnavailableError:
        return HttpResponse(catalog_html(found).replace('href="css/', 'href="/static/css/'))


@require_safe
def catalog_as_excel(request: HttpRequest, code: str) -> HttpResponse:
    found = _found(request, code)
    return excel(catalog_sheet(found), f"catalog-{found.code}")


def _found(request: HttpRequest, code: str) -> CatalogVersion:
    try:
        return queries.catalog_versions_visible_to(request.actor).get(code=code)  # type: ignore[attr-defined]
    except CatalogVersion.DoesNotExist as missing:
        raise Http404 from missing
