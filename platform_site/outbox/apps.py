"""App configuration."""

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "platform_site.outbox"
    label = "outbox"
    verbose_name = "待办任务"
