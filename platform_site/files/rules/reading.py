"""What came of reading a file's words."""

from enum import StrEnum


class Reading(StrEnum):
    TEXT = "text"
    SCAN = "scan"
    UNREADABLE = "unreadable"


READING_LABELS = {Reading.TEXT: "已读出", Reading.SCAN: "扫描件，没有文字", Reading.UNREADABLE: "读不出"}
