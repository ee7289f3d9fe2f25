"""Routes for the people who run the platform: health and metrics."""

from platform_site.kit.routes import API_TOKEN, PUBLIC, route
from platform_site.portals.pages.operations import health, metrics

urlpatterns = [
    route("healthz/", health, name="health", roles=PUBLIC, scope="none"),
    route("metrics/", metrics, name="metrics", roles=API_TOKEN, scope="none"),
]
