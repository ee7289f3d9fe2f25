"""Tables of the working calendar."""

from platform_site.working_calendar.models.day_override import DayOverride

__all__ = ["DayOverride"]
