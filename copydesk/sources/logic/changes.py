"""What kind of change lies between two readings of a source."""

from __future__ import annotations

from enum import StrEnum


class ChangeKind(StrEnum):
    IDENTICAL = "identical"
    CHROME_ONLY = "chrome_only"
    EDITED_ELSEWHERE = "edited_elsewhere"
    PASSAGE_EDITED = "passage_edited"
    NOTICE_APPEARED = "notice_appeared"
    TITLE_CHANGED = "title_changed"
    GONE = "gone"
    PAYWALLED = "paywalled"
    UNREADABLE = "unreadable"
