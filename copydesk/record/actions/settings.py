"""How the record is kept is itself on the record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from copydesk.record.actions.appending import Fact, append_entry
from copydesk.record.actions.consent import consent_given
from copydesk.record.models import EntryKind, RecordSettings
from copydesk.record.queries.approvals import ONLY, record_settings, settings_values

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from copydesk.members.models import Member
    from copydesk.record.models import Entry


@transaction.atomic
def change_settings(
    *, values: Mapping[str, Any], reason: str, by: Member, at: datetime
) -> Entry | None:
    """Change how the record is kept, and record it with who asked and who confirmed; None where nothing changes."""
    RecordSettings.objects.get_or_create(pk=ONLY)
    before = settings_values(record_settings())
    after = {**before, **values}
    if before == after:
        return None
    RecordSettings.objects.filter(pk=ONLY).update(**after)
    consent = consent_given()
    payload = {"before": before, "after": after, **(consent.as_payload() if consent else {})}
    fact = Fact(EntryKind.SETTING, payload, by_id=by.pk, note=reason)
    return append_entry(fact, at=at)
