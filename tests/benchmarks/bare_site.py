"""The press without sign-in: whoever asks is believed."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path

from platform_site.kit import clock
from platform_site.kit.actor import Actor
from vouchers.domain import submit_prepared
from vouchers.models import Voucher


def press(request: HttpRequest, pk: int) -> HttpResponse:
    """The same lookup, command and answer as the platform's page."""
    found = Voucher._default_manager.select_related("period", "enterprise", "contract").get(pk=pk)
    actor = Actor(
        user_id=int(request.POST["user"]),
        label="申请人",
        organisation_id=found.enterprise.organisation_id,
        organisation_kind="enterprise",
        area_code=found.city_id,
        roles=frozenset({"enterprise_staff"}),
    )
    submit_prepared(voucher=found, key=request.POST["idempotency_key"], by=actor, at=clock.now())
    return HttpResponseRedirect(f"/enterprise/vouchers/{pk}/receipt/")


urlpatterns = [path("press/<int:pk>/", press)]
