"""What kind of answer a page is: an article, a wall before it, or a note that it is gone.

Each sign errs on the side of saying no: a page that is wrongly called walled cannot be checked against.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from copydesk.sources.logic.reading.claims import KINDS, types_of
from copydesk.sources.logic.reading.results import count_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from copydesk.sources.logic.reading.claims import Claims

_ROBOTS: Final = ("robots", "googlebot", "bingbot", "archive", "googlebot-news", "otherbot")
_NO_ARCHIVE: Final = re.compile(r"\bno-?(?:archive|cache)\b", re.IGNORECASE)
# More words than this are an article, with or without an offer to subscribe.
_TEASER_WORDS: Final = 400
_WALL_WORDS: Final = 200
_GONE_WORDS: Final = 250


def _phrases(*phrases: str) -> re.Pattern[str]:
    return re.compile("|".join(phrases), re.IGNORECASE)


_PAYWALL: Final = _phrases(
    r"(?:subscribe|sign up|register|log in)[^.\n]{0,40} to (?:continue|keep) reading",
    r"(?:become a (?:subscriber|member)|purchase a subscription)[^.\n]{0,40} to (?:continue|keep) reading",
    r"to (?:continue|keep) reading(?: this \w+)?,? (?:please )?(?:subscribe|(?:log|sign) in|register)",
    r"(?:article|story|content|post) is (?:only )?(?:for|available to|reserved for|exclusive to|limited to)"
    r" (?:our |paid |paying )*(?:subscribers|members)",
    r"this (?:article|story|content|post) is for (?:paid|paying) subscribers",
    r"you(?:'ve| have) (?:reached|read|used) (?:all )?(?:of )?your [^.\n]{0,40}free (?:articles|stories)",
    r"réservée? (?:aux|à nos) abonnés",
    r"(?:nur|exklusiv) für abonnenten",
    r"mit [^.\n]{0,30}\babo weiterlesen",
    r"(?:exclusivo|solo) para suscriptores",
    r"riservato agli abbonati",
    r"exclusivo para assinantes",
)
_WALL_TITLE: Final = _phrases(
    r"just a moment",
    r"attention required! \|",
    r"access (?:to this page has been )?denied",
    r"are you (?:a robot|human)",
    r"robot or human",
    r"pardon our interruption",
    r"ddos-guard",
    r"(?:human|bot) verification",
    r"verify(?:ing)? (?:that )?you are (?:a )?human",
    r"security check(?:point)?\b",
    r"checking your browser",
    r"you have been blocked",
    r"captcha",
)
_WALL_TEXT: Final = _phrases(
    r"checking (?:if the site connection is secure|your browser before)",
    r"verify(?:ing)? (?:that )?you are (?:a )?human",
    r"enable javascript and cookies to continue",
    r"unusual traffic from your (?:computer|network)",
    r"please (?:complete|solve) the (?:security check|captcha)",
    r"(?:prove|confirm) (?:that )?you(?:'re| are) (?:not a robot|human)",
)
_WALL_MARKUP: Final = re.compile(
    r"_cf_chl_opt|cf-challenge-running|_Incapsula_Resource|captcha-delivery\.com|px-captcha|awsWafCookieDomainList"
)
_GONE_TITLE: Final = _phrases(
    r"(?:error )?(?:404|410)\b",
    r"(?:page|article|story|document|file|content) (?:is not|not|could not be) found",
    r"not found\b",
    r"page (?:is )?(?:missing|unavailable)",
    r"page (?:non trouvée|introuvable)",
    r"seite nicht gefunden",
    r"página n(?:o|ão) encontrada",
    r"pagina non trovata",
    r"pagina niet gevonden",
)
_GONE_TEXT: Final = _phrases(
    r"(?:page|article|story|document)(?: (?:that )?you(?:'re| are) (?:looking for|trying to \w+)| you requested)?"
    r" (?:could not be found|cannot be found|can't be found|was not found|does(?:n't| not) exist"
    r"|no longer exists|is no longer available|has been removed)",
    r"we (?:can't|couldn't|could not|cannot) find (?:the|that|this) (?:page|article|story)",
)
_MARKUP_REACH: Final = 200_000


def is_noarchive(metas: Claims, headers: Mapping[str, str]) -> bool:
    """Whether the page or its answer asks that no copy be shown."""
    asked = [content for name in _ROBOTS for content in metas.get(name, [])]
    asked += [value for name, value in headers.items() if name.lower() == "x-robots-tag"]
    return any(_NO_ARCHIVE.search(text) for text in asked)


def is_paywalled(statements: Iterable[dict[str, Any]], text: str) -> bool:
    """Whether the page says that it is not free, or is a teaser that asks for a subscription."""
    for statement in statements:
        kinds = types_of(statement)
        if any(kind in KINDS or kind in {"webpage", "creativework"} for kind in kinds):
            free = statement.get("isAccessibleForFree")
            if free is False or str(free).strip().lower() in {"false", "http://schema.org/false"}:
                return True
    return bool(_PAYWALL.search(_straight(text))) and count_words(text) < _TEASER_WORDS


def is_bot_wall(html: str, title: str, text: str, headers: Mapping[str, str]) -> bool:
    """Whether the page asks to prove that a person reads it."""
    if any(
        name.lower() == "cf-mitigated" and value == "challenge" for name, value in headers.items()
    ):
        return True
    if count_words(text) >= _WALL_WORDS:
        return False
    return bool(
        _WALL_TITLE.match(title.strip())
        or _WALL_TEXT.search(_straight(text))
        or _WALL_MARKUP.search(html, 0, _MARKUP_REACH)
    )


def is_soft_404(title: str, text: str) -> bool:
    """Whether a page that was answered as if it were there says that it is not."""
    if count_words(text) >= _GONE_WORDS:
        return False
    return bool(_GONE_TITLE.match(title.strip()) or _GONE_TEXT.search(_straight(text)))


def _straight(text: str) -> str:
    return text.replace("\u2019", "'")
