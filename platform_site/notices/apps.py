"""Django's registration of the app."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "platform_site.notices"
    label = "notices"
    verbose_name = "公告和公示"
