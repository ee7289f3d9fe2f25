"""App configuration."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "platform_site.audit"
    label = "audit"
    verbose_name = "操作记录"
