"""App configuration."""

from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "platform_site.messages"
    label = "platform_messages"
    verbose_name = "消息"
