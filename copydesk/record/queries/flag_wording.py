"""What moved, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from copydesk.record.models import ELSEWHERE, Gravity
from copydesk.sources.models import Standing

if TYPE_CHECKING:
    from copydesk.record.models import Flag

WEIGHTS = {
    4: ("circle-xmark", gettext_lazy("Grave")),
    3: ("warning", gettext_lazy("Serious")),
    2: ("warning", gettext_lazy("Important")),
    1: ("info-circle", gettext_lazy("Worth a look")),
}
EVENTS = {
    "passage_edited": gettext_lazy("A passage that we quote was edited"),
    "notice_appeared": gettext_lazy("A notice of correction or retraction appeared"),
}


def what_happened(flag: Flag) -> str:
    """Return what moved, for the desk. The flag's event, source and notice are loaded with it."""
    if flag.notice is not None:
        return _("Our own article got a notice: %(kind)s") % {
            "kind": flag.notice.get_kind_display()
        }
    if flag.event is not None:
        return str(EVENTS.get(flag.event.kind, _("The source changed")))
    if is_elsewhere(flag):
        return _elsewhere(flag)
    standing = flag.cause.rpartition(":")[2]
    known = dict(Standing.choices)
    return _("The source was marked: %(standing)s") % {"standing": known.get(standing, standing)}


def is_elsewhere(flag: Flag) -> bool:
    """Whether it opened at once because another site says it corrected a page."""
    return flag.notice_id is None and flag.cause.startswith(f"{ELSEWHERE}:")


def page_elsewhere(flag: Flag) -> str:
    """Return the address of the page that another site says it corrected."""
    return str(flag.path[0]["url"])


def _elsewhere(flag: Flag) -> str:
    said = flag.path[0]
    if flag.gravity == Gravity.RETRACTED:
        text = _("%(host)s says it retracted “%(title)s”")
    else:
        text = _("%(host)s says it corrected “%(title)s”")
    happened = text % {"host": said["host"], "title": said["title"]}
    return f"{happened}: {said['words']}" if said["words"] else happened


def weight_of(flag: Flag) -> tuple[str, str]:
    """Return the icon and the word for how much a flag matters."""
    icon, word = WEIGHTS[min(max(flag.gravity, 1), 4)]
    return icon, str(word)
