"""Installs the database's own guards after migrations."""

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate
from django.utils.module_loading import import_string


class KitConfig(AppConfig):
    name = "platform_site.kit"
    label = "kit"

    def ready(self) -> None:
        # By name: the guards look at models, which may be imported only when all apps are known.
        install_guards = import_string("platform_site.kit.guards.install_guards")
        # Django sends the signal for apps that have models only, and the kit has none: another app's stands for all.
        sender = apps.get_app_config("contenttypes")
        post_migrate.connect(install_guards, sender=sender, dispatch_uid="kit.install_guards")
