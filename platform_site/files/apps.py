"""App configuration."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "platform_site.files"
    label = "files"
    verbose_name = "文件"
