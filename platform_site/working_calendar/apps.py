"""App configuration."""

from django.apps import AppConfig


class WorkingCalendarConfig(AppConfig):
    name = "platform_site.working_calendar"
    label = "working_calendar"
    verbose_name = "工作日历"
