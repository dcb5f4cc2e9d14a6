"""The record: what readers got, in the order in which they got it, and what follows from errors in it."""

from __future__ import annotations

from copydesk.record.models.digests import FlagDigest
from copydesk.record.models.entries import (
    REDACTABLE,
    WITH_TEXT,
    Entry,
    EntryKind,
    Head,
    Node,
    Payload,
    Redaction,
)
from copydesk.record.models.notices import Notice, NoticeKind, Position, Severity
from copydesk.record.models.reliance import ELSEWHERE, Flag, FlagState, Gravity, Reliance, Tie
from copydesk.record.models.requests import (
    Approval,
    ApprovalKind,
    ApprovalState,
    CorrectionRequest,
    RecordSettings,
    RequestState,
)

__all__ = [
    "ELSEWHERE",
    "REDACTABLE",
    "WITH_TEXT",
    "Approval",
    "ApprovalKind",
    "ApprovalState",
    "CorrectionRequest",
    "Entry",
    "EntryKind",
    "Flag",
    "FlagDigest",
    "FlagState",
    "Gravity",
    "Head",
    "Node",
    "Notice",
    "NoticeKind",
    "Payload",
    "Position",
    "RecordSettings",
    "Redaction",
    "Reliance",
    "RequestState",
    "Severity",
    "Tie",
]
