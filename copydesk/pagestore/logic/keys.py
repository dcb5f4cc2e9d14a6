"""Under which key a page is stored: what its bytes may depend on, and nothing that strangers could multiply."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# Longer ones are no page of ours; they are answered, not stored.
LONGEST_PATH, LONGEST_QUERY, LONGEST_HOST = 1_000, 2_000, 255
KEY_BYTES = 16


@dataclass(frozen=True)
class Place:
    """Where a page is, before its query: the same for all its variants."""

    scheme: str
    host: str
    path: str
    language: str

    @property
    def digest(self) -> bytes:
        """What stands for it in the store."""
        return _digest(repr((self.scheme, self.host, self.path, self.language)))


def place_of(
    environ: Mapping[str, object], *, secure_header: tuple[str, str] | None, language: str
) -> Place | None:
    """Return the place a WSGI request asks for, or None where no stored page can answer it.

    The path is the decoded one, since that is what views see: two spellings of one path are one page. Hosts fold to
    lower case. `secure_header` is the name and value by which a trusted proxy says that it was asked over TLS.
    """
    path, host = str(environ.get("PATH_INFO", "")), str(environ.get("HTTP_HOST", ""))
    query = str(environ.get("QUERY_STRING", ""))
    if (
        not host
        or len(path) > LONGEST_PATH
        or len(query) > LONGEST_QUERY
        or len(host) > LONGEST_HOST
    ):
        return None
    if environ.get("SCRIPT_NAME") or "\0" in path:
        return None
    return Place(_scheme(environ, secure_header), _name(host), path, language)


def _name(host: str) -> str:
    """Return a host without its port: Django takes any, and no page shows it."""
    name, colon, port = host.lower().rpartition(":")
    return name if colon and (not port or port.isdecimal()) else host.lower()


def _scheme(environ: Mapping[str, object], secure_header: tuple[str, str] | None) -> str:
    if secure_header is None:
        return str(environ.get("wsgi.url_scheme", "http"))
    name, value = secure_header
    return "https" if str(environ.get(name, "")).partition(",")[0].strip() == value else "http"


def page_key(place: Place, query: str, parameters: Iterable[str]) -> bytes:
    """Return the key of the page at `place` with those of its query's `parameters` that its view reads.

    Of a parameter that is given twice the last counts, as in Django; one that is empty is as good as absent. Bytes are
    compared, not characters: WSGI has them as Latin-1.
    """
    wanted = sorted(parameters)
    if not query or not wanted:
        return place.digest
    given = dict(parse_qsl(query, keep_blank_values=True, encoding="latin-1"))
    kept = [(name, given[name]) for name in wanted if given.get(name)]
    return _digest(repr((place.digest, kept))) if kept else place.digest


def _digest(text: str) -> bytes:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=KEY_BYTES).digest()
