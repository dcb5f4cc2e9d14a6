"""What an answer of another host means for a source."""

from __future__ import annotations

from enum import StrEnum

# Either for subscribers only, or for no robots: the page may say which.
REFUSED = {403, 451}


class Answer(StrEnum):
    """What asking for a source came to. All but `read`, `same` and `busy` are reasons why it could not be read."""

    READ = "read"
    # It says that nothing has changed.
    SAME = "same"
    GONE = "gone"
    # A page that says "not found" with the status of success, or the home page in its place.
    SOFT_404 = "soft_404"
    PAYWALLED = "paywalled"
    # Robots are kept out: people may well be able to read it.
    BLOCKED = "blocked"
    # Too many requests: ask later, this is no failure.
    BUSY = "busy"
    FAILED = "failed"


BY_STATUS = {
    304: Answer.SAME,
    401: Answer.PAYWALLED,
    402: Answer.PAYWALLED,
    404: Answer.GONE,
    410: Answer.GONE,
    429: Answer.BUSY,
    503: Answer.BUSY,
}


def answer_of(
    status: int, *, is_bot_wall: bool, is_paywalled: bool, is_soft_404: bool, was_sent_home: bool
) -> Answer:
    """Return what an answer with this status means, given what its page says of itself."""
    if is_bot_wall:
        return Answer.BLOCKED
    if status in REFUSED:
        return Answer.PAYWALLED if is_paywalled else Answer.BLOCKED
    if 200 <= status < 300 and (is_soft_404 or was_sent_home):
        return Answer.SOFT_404
    return BY_STATUS.get(status, Answer.READ if 200 <= status < 300 else Answer.FAILED)
