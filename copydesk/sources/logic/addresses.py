"""Addresses of sources: what a writer pasted made whole, and the key by which two of them are one source.

quotations.md 5 (`url_key`) and 4.4 (what is asked of an address before anybody fetches it).
"""

from __future__ import annotations

import hashlib
import ipaddress
import re
import unicodedata
from enum import StrEnum
from typing import NoReturn
from urllib.parse import SplitResult, quote, unquote, urlsplit, urlunsplit

import idna

MAX_LENGTH = 2_000
MAX_KEY = 500

_DEFAULT_PORTS = {"http": 80, "https": 443}
# What no address holds, and what can make one look like another: controls, directions, invisible characters.
_FORBIDDEN = re.compile(
    "[\u0000-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff\ud800-\udfff]"
)
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_PORT = re.compile(r"[^/?#:]*\.[^/?#:]*:\d{1,5}(?:[/?#]|$)")
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"\d+|0x[0-9a-f]*")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_WWW = re.compile(r"www\d{0,2}\.(?=[^.]+\.)")
_INDEX = re.compile(r"(?<=/)(?:index|default)\.(?:html?|php|aspx?)$", re.IGNORECASE)
_HOME = re.compile(r"/(?:home|[a-z]{2}(?:[-_][a-z]{2})?)?", re.IGNORECASE)
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_PATH_SAFE = "%/:@!$&'()*+,;=~-._"
_QUERY_SAFE = f"{_PATH_SAFE}?[]|"

# Parameters that say where a reader came from, never which page is meant: of mail, advertising and statistics.
_TRACKING = re.compile(
    r"utm_\w*|(?:pk|mtm|matomo|hsa|at)_(?:campaign|medium|source|content|keyword|kwd|cid|acc|cam|grp|ad|src|tgt|net|ver)"
    r"|fbclid|gclid|gclsrc|gbraid|wbraid|dclid|msclkid|yclid|twclid|ttclid|li_fat_id|igshid?|mc_[ce]id|mkt_tok"
    r"|_gl|_ga|_hs(?:enc|mi)|__hs(?:tc|sc|fp)|hsctatracking|oly_(?:enc|anon)_id|vero_(?:id|conv)|wickedid|s_cid|cmpid"
    r"|ref_(?:src|url)|__twitter_impression|guccounter|guce_referrer(?:_sig)?|smid|xtor|ns_(?:campaign|mchannel|source)",
    re.IGNORECASE,
)


class Fault(StrEnum):
    """What is wrong with an address; the code by which a form finds its words for it."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    CHARACTERS = "characters"
    SCHEME = "scheme"
    USERINFO = "userinfo"
    HOST = "host"


_MESSAGES = {
    Fault.EMPTY: "There is no address.",
    Fault.TOO_LONG: f"The address is longer than {MAX_LENGTH:,} characters.",
    Fault.CHARACTERS: "The address holds control characters or invisible ones.",
    Fault.SCHEME: "Only http and https addresses can be sources.",
    Fault.USERINFO: "The address holds a user name or a password.",
    Fault.HOST: "The address names no host.",
}


class BadAddress(ValueError):
    """The text is no address of a page. `fault` is the code, the message a plain sentence in English."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(_MESSAGES[fault])
        self.fault = fault


def clean_url(url: str) -> str:
    """Return the http or https address that was meant by what a writer pasted: ASCII, at most 2,000 characters.

    Blanks and angle brackets around it are dropped, a bare domain gets https://, host names are written in their
    ASCII form, and fragments go, of text (`#:~:text=`) and others, but for `#!`, which names a page on some sites.
    Cleaning what is clean changes nothing.

    Raises BadAddress for user names, other schemes, a missing or impossible host, control characters, and length.
    """
    text = url.strip().strip("<>").strip()
    if not text:
        _refuse(Fault.EMPTY)
    if len(text) > MAX_LENGTH:
        _refuse(Fault.TOO_LONG)
    if _FORBIDDEN.search(text):
        _refuse(Fault.CHARACTERS)
    parts = _split(_with_scheme(text))
    cleaned = urlunsplit(
        (
            parts.scheme,
            _netloc(parts),
            quote(parts.path, safe=_PATH_SAFE) or "/",
            quote(parts.query, safe=_QUERY_SAFE),
            _kept_fragment(parts.fragment),
        )
    )
    if len(cleaned) > MAX_LENGTH:
        _refuse(Fault.TOO_LONG)
    return cleaned


def url_key(url: str) -> str:
    """Return what is the same for two addresses of one page, so that duplicates join: at most 500 characters.

    In the manner of SURT: `org,example)/path?a=1`. Without scheme, www, default port, tracking parameters, a
    trailing slash or the name of an index page; the query sorted, percent-encoding in one form. A longer key ends in
    a hash of the whole.

    Raises BadAddress as `clean_url` does.
    """
    parts = urlsplit(clean_url(url))
    path = _INDEX.sub("", _without_dots(_normalized(parts.path))).rstrip("/") or "/"
    query = _key_query(parts.query)
    key = f"{_key_host(parts)}){path}"
    key += f"?{query}" if query else ""
    key += f"#{_normalized(parts.fragment)}" if parts.fragment else ""
    if len(key) <= MAX_KEY:
        return key
    digest = hashlib.sha256(key.encode()).hexdigest()
    return f"{key[: MAX_KEY - len(digest) - 1]}~{digest}"


def is_home(url: str) -> bool:
    """Whether an address is its site's home page, in some language: where a redirect there means "gone".

    False for what is no address, and for a root with a query, which on many sites names an article.
    """
    try:
        parts = urlsplit(clean_url(url))
    except BadAddress:
        return False
    path = _INDEX.sub("", _without_dots(_normalized(parts.path))).rstrip("/") or "/"
    return not _key_query(parts.query) and not parts.fragment and bool(_HOME.fullmatch(path))


def domain_of(url: str) -> str:
    """Return the host as readers know it, without www; "" for what is no address.

    International names are shown in their own script, unless they mix scripts to look like another name.
    """
    try:
        host = urlsplit(clean_url(url)).hostname or ""
    except BadAddress:
        return ""
    return ".".join(_readable(label) for label in _WWW.sub("", host).split("."))


def _refuse(fault: Fault) -> NoReturn:
    raise BadAddress(fault)


def _with_scheme(text: str) -> str:
    if text.startswith("//"):
        return f"https:{text}"
    match = _SCHEME.match(text)
    if match is None or (_PORT.match(text) and "://" not in text[: match.end() + 2]):
        # A word is no address; a name with a dot is.
        host = re.split(r"[/?#]", text, maxsplit=1)[0]
        if "." not in host.strip(".").replace("\u3002", "."):
            _refuse(Fault.HOST)
        return f"https://{text}"
    if match[1].lower() not in _DEFAULT_PORTS:
        _refuse(Fault.SCHEME)
    if not text.startswith("//", match.end()):
        _refuse(Fault.HOST)
    return text


def _split(text: str) -> SplitResult:
    try:
        return urlsplit(text)
    except ValueError:
        # Brackets that are no IPv6 address, or characters that turn into "/" or "@" when normalized.
        _refuse(Fault.HOST)


def _netloc(parts: SplitResult) -> str:
    if "@" in parts.netloc:
        _refuse(Fault.USERINFO)
    try:
        port = parts.port
    except ValueError:
        _refuse(Fault.HOST)
    if port == 0:
        _refuse(Fault.HOST)
    host = _host(parts.hostname or "")
    return host if port in {None, _DEFAULT_PORTS[parts.scheme]} else f"{host}:{port}"


def _host(name: str) -> str:
    if ":" in name:
        if "%" in name:
            # The name of a network interface means something on one machine only.
            _refuse(Fault.HOST)
        try:
            return f"[{ipaddress.IPv6Address(name)}]"
        except ValueError:
            _refuse(Fault.HOST)
    host = _ascii_name(name)
    labels = host.split(".")
    if len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        _refuse(Fault.HOST)
    if _NUMBER.fullmatch(labels[-1]):
        # Browsers read such a name as a number; only the plain spelling of an address is taken.
        try:
            return str(ipaddress.IPv4Address(host))
        except ValueError:
            _refuse(Fault.HOST)
    return host


def _ascii_name(name: str) -> str:
    if name.isascii():
        return name.lower().removesuffix(".")
    if len(name) > 253:
        _refuse(Fault.HOST)
    try:
        return idna.encode(name, uts46=True).decode().lower().removesuffix(".")
    except (idna.IDNAError, UnicodeError):
        _refuse(Fault.HOST)


def _kept_fragment(fragment: str) -> str:
    kept = fragment.partition(":~:")[0]
    return quote(kept, safe=_QUERY_SAFE) if kept.startswith("!") else ""


def _normalized(text: str) -> str:
    """One spelling of percent-encoding: none where none is needed, capitals elsewhere."""

    def escape(match: re.Match[str]) -> str:
        character = chr(int(match[1], 16))
        return character if character in _UNRESERVED else match[0].upper()

    return _ESCAPE.sub(escape, text)


def _without_dots(path: str) -> str:
    segments: list[str] = []
    for segment in path.split("/")[1:]:
        if segment == "..":
            del segments[-1:]
        elif segment != ".":
            segments.append(segment)
    return "/" + "/".join(segments)


def _key_host(parts: SplitResult) -> str:
    host = _WWW.sub("", parts.hostname or "")
    is_number = ":" in host or host.rpartition(".")[2].isdecimal()
    name = host if is_number else ",".join(reversed(host.split(".")))
    return name if parts.port is None else f"{name}:{parts.port}"


def _key_query(query: str) -> str:
    parameters = sorted(
        _normalized(parameter.replace("+", "%20"))
        for parameter in query.split("&")
        if parameter and not _TRACKING.fullmatch(unquote(parameter.partition("=")[0]))
    )
    return "&".join(parameters)


def _readable(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        name = idna.decode(label)
    except (idna.IDNAError, UnicodeError):
        return label
    scripts = {
        unicodedata.name(letter, "UNKNOWN").split(maxsplit=1)[0].partition("-")[0]
        for letter in name
        if letter.isalpha()
    }
    # Japanese and Korean names may use all of these together.
    return name if len(scripts) == 1 or scripts <= {"CJK", "HIRAGANA", "KATAKANA"} else label
