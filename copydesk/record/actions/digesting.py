"""Editors are mailed what waits, at most once a day, and only when something is new or overdue."""

from __future__ import annotations

import logging
from datetime import timedelta
from smtplib import SMTPException
from typing import TYPE_CHECKING

from django.core.mail import send_mail
from django.db import transaction
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from copydesk.editorial.queries.addresses import full_url
from copydesk.record.logic.paths import in_words
from copydesk.record.models import FlagDigest
from copydesk.record.queries.digests import Digest, digest_since, editors_due
from copydesk.record.queries.flag_wording import weight_of, what_happened

if TYPE_CHECKING:
    from datetime import datetime

    from copydesk.members.models import Member
    from copydesk.record.models import Flag

logger = logging.getLogger("copydesk.record")

EVERY = timedelta(days=1)


def send_digests(*, at: datetime) -> int:
    """Mail every editor who is due what waits; return how many mails were sent. Safe to run on several nodes at once.

    Who cannot be mailed is tried again a day later.
    """
    return sum(_send(member, since, at) for member, since in editors_due(before=at - EVERY))


def _send(member: Member, since: datetime | None, at: datetime) -> bool:
    digest = digest_since(since, at=at)
    if not digest.is_worth_a_mail or not _claim(member, since, at):
        return False
    try:
        send_mail(_subject(digest), _text(digest), None, [member.email])
    except (OSError, SMTPException):
        logger.exception("Member %s could not be mailed what waits", member.pk)
        return False
    return True


@transaction.atomic
def _claim(member: Member, since: datetime | None, at: datetime) -> bool:
    """Note that the mail is sent; False where another node was first."""
    FlagDigest.objects.get_or_create(member=member)
    return bool(FlagDigest.objects.filter(member=member, sent_at=since).update(sent_at=at))


@transaction.atomic
def want_digest(*, member: Member, wanted: bool) -> None:
    """Say whether an editor wants to be mailed what waits."""
    FlagDigest.objects.update_or_create(member=member, defaults={"is_wanted": wanted})


def _subject(digest: Digest) -> str:
    text = ngettext(
        "%(n)d flag waits for a decision", "%(n)d flags wait for a decision", digest.open_count
    )
    return text % {"n": digest.open_count}


def _text(digest: Digest) -> str:
    said = {"new": digest.new_count, "overdue": digest.overdue_count}
    parts = [
        _("What our articles rely on has moved. New: %(new)d. Overdue: %(overdue)d.") % said,
        *(_entry(flag) for flag in digest.named),
        full_url(reverse("record_flags")),
        _("You can turn these mails off there."),
    ]
    return "\n\n".join(parts)


def _entry(flag: Flag) -> str:
    _icon, weight = weight_of(flag)
    due = date_format(localtime(flag.due_at), "SHORT_DATE_FORMAT")
    lines = [
        f"{weight}: {what_happened(flag)}",
        in_words(flag.path, end=flag.article.title),
        _("To be decided by %(date)s") % {"date": due},
    ]
    return "\n".join(" ".join(line.split()) for line in lines)
