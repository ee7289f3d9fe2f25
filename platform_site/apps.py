"""The roof as an app: commands of the whole house, the check of the routes, and Celery for every `shared_task`."""

from django.apps import AppConfig
from django.core.checks import register
from django.utils.module_loading import import_string

from platform_site.celery import app as celery_app


class PlatformConfig(AppConfig):
    name = "platform_site"
    label = "platform_site"
    verbose_name = "服务平台"

    def ready(self) -> None:
        celery_app.set_default()
        # By name: routes lead to models, which may be imported only when all apps are known.
        register(import_string("platform_site.route_check.check_routes"), "urls")
