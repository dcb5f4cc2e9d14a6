"""The record: what readers got, in the order in which they got it."""

from copydesk.record.models.entries import Entry, EntryKind, Head, Node, Payload, Redaction

__all__ = ["Entry", "EntryKind", "Head", "Node", "Payload", "Redaction"]
