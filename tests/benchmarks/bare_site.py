"""The press without sign-in: whoever asks is believed."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path

from platform_site.kit import clock
from platform_site.kit.actor import Actor
from vouchers.domain import press_prepared


def press(request: HttpRequest, pk: int) -> HttpResponse:
    """The same command and answer as the platform's page."""
    actor = Actor(
        user_id=int(request.POST["user"]),
        label="申请人",
        organisation_id=int(request.POST["organisation"]),
        organisation_kind="enterprise",
        roles=frozenset({"enterprise_staff"}),
    )
    press_prepared(voucher_id=pk, key=request.POST["idempotency_key"], by=actor, at=clock.now())
    return HttpResponseRedirect(f"/enterprise/vouchers/{pk}/receipt/")


urlpatterns = [path("press/<int:pk>/", press)]
