"""Django's registration of the app."""

from django.apps import AppConfig


class SuppliersConfig(AppConfig):
    name = "suppliers"
    label = "suppliers"
    verbose_name = "供应商和产品"
