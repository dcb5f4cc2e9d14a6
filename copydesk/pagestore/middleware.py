"""The WSGI front: answers for stored pages before Django is entered, and stores what Django makes."""

from __future__ import annotations

import gzip
import logging
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from email.utils import formatdate, parsedate_to_datetime
from hashlib import blake2b
from itertools import count
from typing import TYPE_CHECKING, Any

import brotli
from django.conf import settings
from django.db import DatabaseError, connection

from copydesk.pagestore.actions import catch_up, shared_store
from copydesk.pagestore.backends.store import Found, Store, StoreUnusable
from copydesk.pagestore.logic.answers import accepted, is_known
from copydesk.pagestore.logic.keys import Place, page_key, place_of
from copydesk.pagestore.logic.pages import Headers, Page
from copydesk.pagestore.logic.slot import Slot
from copydesk.pagestore.views import MESSAGES_COOKIE, SLOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    Environ = dict[str, Any]
    StartResponse = Callable[..., Any]
    Application = Callable[[Environ, StartResponse], Iterable[bytes]]

logger = logging.getLogger("copydesk.pages")

# How long what was seen of the database is believed, and how long it may be while somebody looks again. The second is
# the bound that is promised: nobody gets a page that is older than the last commit by more.
LOOK_SECONDS, BOUND_SECONDS = 0.5, 1.0
# How long readers wait for the one who makes a page, and how often they look.
PATIENCE_SECONDS, GLANCE_SECONDS = 2.0, 0.004
# How long a store that cannot be written is left alone, and how often counts are handed on.
REST_SECONDS, COUNT_SECONDS = 10.0, 2.0
HOT_BYTES, HOT_PAGES = 32 * 2**20, 2_000
COMPRESSED = (
    "text/",
    "application/json",
    "application/feed+json",
    "application/manifest+json",
    "application/ld+json",
)
LEAST_COMPRESSED = 200
BROTLI_QUALITY, GZIP_LEVEL = 5, 6
# What the front says itself, or what holds for one connection alone.
OWN_HEADERS = {
    "content-length",
    "content-encoding",
    "etag",
    "last-modified",
    "vary",
    "date",
    "connection",
    "server",
}


@dataclass(frozen=True)
class Answer:
    """A stored page in one coding, ready to be sent."""

    headers: Headers
    unchanged_headers: Headers
    body: bytes
    etag: str
    modified_at: int
    is_gated: bool

    def send(self, environ: Environ, start_response: StartResponse) -> list[bytes]:
        """Answer with the page, or with 304 where the reader has it."""
        none_match = environ.get("HTTP_IF_NONE_MATCH", "")
        modified_since = environ.get("HTTP_IF_MODIFIED_SINCE", "")
        if (none_match or modified_since) and is_known(
            self.etag, self.modified_at, none_match=none_match, modified_since=modified_since
        ):
            start_response("304 Not Modified", self.unchanged_headers)
            return []
        start_response("200 OK", self.headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [self.body]


class Hot:
    """The answers this process has sent lately, so that the next one costs a look into a dictionary."""

    def __init__(self) -> None:
        self.answers: dict[tuple[Any, ...], Answer] = {}
        self.bytes = 0

    def keep(self, key: tuple[Any, ...], answer: Answer) -> None:
        """Keep an answer; all are let go when there are too many."""
        self.bytes += len(answer.body)
        if self.bytes > HOT_BYTES or len(self.answers) >= HOT_PAGES:
            self.clear()
            self.bytes = len(answer.body)
        self.answers[key] = answer

    def clear(self) -> None:
        """Let go of all."""
        self.answers = {}
        self.bytes = 0


@dataclass(frozen=True)
class Request:
    """What the front reads of a request that a stored page may answer."""

    place: Place
    query: str
    codings: tuple[str, ...]
    # Whether the one who asks may be signed in, and whether they sent any cookie at all.
    has_session: bool
    has_cookies: bool


@dataclass
class Front:
    """Answers GET and HEAD from the store where it can, and passes everything else to `app`.

    One object serves all threads of a process. What is in the store is believed for half a second after the database
    was asked whether anything has expired; while the database or the store cannot be asked, every page is made anew.
    """

    app: Application
    store: Store = field(default_factory=shared_store)
    hot: Hot = field(default_factory=Hot)
    _good_until: float = 0.0
    _signal: bytes = b""
    _last: int = -1
    # When the database was asked lately, and what it said.
    _asked: deque[tuple[float, int]] = field(default_factory=lambda: deque(maxlen=8))
    _looking: threading.Lock = field(default_factory=threading.Lock)
    _rests_until: float = 0.0
    _counts_at: float = 0.0
    _is_in_trouble: bool = False
    # Adding to a number is not safe between threads; taking the next one of an iterator is.
    _hits: Iterator[int] = field(default_factory=lambda: count(1))
    _misses: Iterator[int] = field(default_factory=lambda: count(1))
    _hit_count: int = 0
    _miss_count: int = 0
    _counted: dict[str, int] = field(default_factory=lambda: {"hits": 0, "misses": 0})

    def __post_init__(self) -> None:
        self.language = settings.LANGUAGE_CODE
        self.secure_header = settings.SECURE_PROXY_SSL_HEADER
        self.session_mark = f"{settings.SESSION_COOKIE_NAME}="
        self.messages_mark = f"{MESSAGES_COOKIE}="

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        if time.monotonic() < self._good_until and self.store.signal[:] == self._signal:
            answer = self.hot.answers.get(_hot_key(environ))
            if answer is not None and self._may_have(environ, is_gated=answer.is_gated):
                self._hit_count = next(self._hits)
                return answer.send(environ, start_response)
        request = self._read(environ)
        if request is None or not self._is_current():
            return self.app(environ, start_response)
        try:
            return self._answer(request, environ, start_response)
        except StoreUnusable as error:
            self._note_trouble(error)
            return self.app(environ, start_response)

    # Reading the request

    def _may_have(self, environ: Environ, *, is_gated: bool) -> bool:
        """Whether the one who asks may be answered with a stored page."""
        length = environ.get("CONTENT_LENGTH")
        if length and length != "0":
            return False
        cookies = environ.get("HTTP_COOKIE")
        if not cookies:
            return True
        return self.messages_mark not in cookies and not (is_gated and self.session_mark in cookies)

    def _read(self, environ: Environ) -> Request | None:
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"} or not self._may_have(
            environ, is_gated=False
        ):
            return None
        if "HTTP_AUTHORIZATION" in environ or "HTTP_TRANSFER_ENCODING" in environ:
            return None
        place = place_of(environ, secure_header=self.secure_header, language=self.language)
        if place is None:
            return None
        cookies = environ.get("HTTP_COOKIE", "")
        return Request(
            place=place,
            query=environ.get("QUERY_STRING", ""),
            codings=accepted(environ.get("HTTP_ACCEPT_ENCODING", "")),
            has_session=self.session_mark in cookies,
            has_cookies=bool(cookies),
        )

    # Knowing what has expired

    def _is_current(self) -> bool:
        """Whether the store is known to be no older than the bound, after asking if need be."""
        now = time.monotonic()
        is_told = self.store.signal[:] != self._signal
        if now < self._good_until and not is_told:
            return True
        is_bearable = not is_told and now < self._good_until - LOOK_SECONDS + BOUND_SECONDS
        if not self._looking.acquire(
            blocking=not is_bearable, timeout=-1 if is_bearable else BOUND_SECONDS
        ):
            return is_bearable
        try:
            now = time.monotonic()
            if now < self._good_until and self.store.signal[:] == self._signal:
                return True
            return self._look(now)
        finally:
            self._looking.release()

    def _look(self, now: float) -> bool:
        try:
            self.store.follow()
            # Before the database is asked: whatever is told while it answers is looked into next time.
            signal = self.store.signal[:]
            connection.close_if_unusable_or_obsolete()
            last = catch_up(self.store)
            self._hand_on_counts(now)
        except (StoreUnusable, DatabaseError) as error:
            self.hot.clear()
            self._good_until = 0.0
            self._note_trouble(error)
            return False
        if last != self._last or signal != self._signal:
            self.hot.clear()
        self._last, self._signal = last, signal
        self._asked.append((now, last))
        self._good_until = now + LOOK_SECONDS
        if self._is_in_trouble and now >= self._rests_until:
            self._is_in_trouble = False
            logger.info("Pages are stored again")
        return True

    def _hand_on_counts(self, now: float) -> None:
        if now < self._counts_at:
            return
        self._counts_at = now + COUNT_SECONDS
        seen = {"hits": self._hit_count, "misses": self._miss_count}
        new = {name: seen[name] - self._counted[name] for name in seen}
        if any(new.values()):
            self.store.count(new)
            self._counted = seen

    def _note_trouble(self, error: Exception) -> None:
        self._rests_until = time.monotonic() + REST_SECONDS
        if not self._is_in_trouble:
            self._is_in_trouble = True
            logger.warning(
                "The page store cannot be used; every page is made anew until it can: %s", error
            )

    # Answering

    def _answer(
        self, request: Request, environ: Environ, start_response: StartResponse
    ) -> Iterable[bytes]:
        parameters = self.store.rule(request.place.digest)
        if parameters is None:
            return self._make(request, environ, start_response)
        key = page_key(request.place, request.query, parameters)
        found = self.store.get(key)
        if found is not None and found.page.is_gated and request.has_session:
            return self._make(request, environ, start_response)
        if found is not None and found.is_current:
            return self._serve(found.page, request, environ, start_response)
        if environ["REQUEST_METHOD"] == "HEAD":
            return self.app(environ, start_response)
        return self._refill(key, found, request, environ, start_response)

    def _serve(
        self,
        page: Page,
        request: Request,
        environ: Environ,
        start_response: StartResponse,
        *,
        is_hot: bool = True,
    ) -> Iterable[bytes]:
        self._hit_count = next(self._hits)
        answer = make_answer(page, request.codings)
        if is_hot:
            self.hot.keep(_hot_key(environ), answer)
        return answer.send(environ, start_response)

    def _refill(
        self,
        key: bytes,
        found: Found | None,
        request: Request,
        environ: Environ,
        start_response: StartResponse,
    ) -> Iterable[bytes]:
        """Make the page once for all who wait; they get the previous one where it is younger than the bound."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not self.store.claim(key, patience=PATIENCE_SECONDS):
            if found is not None and not request.has_cookies and self._is_bearable(found):
                return self._serve(found.page, request, environ, start_response, is_hot=False)
            time.sleep(GLANCE_SECONDS)
            found = self.store.get(key)
            if found is not None and found.is_current:
                return self._serve(found.page, request, environ, start_response, is_hot=False)
            if time.monotonic() > deadline:
                break
        try:
            return self._make(request, environ, start_response)
        finally:
            self._release(key)

    def _release(self, key: bytes) -> None:
        try:
            self.store.release(key)
        except StoreUnusable as error:
            self._note_trouble(error)

    def _is_bearable(self, found: Found) -> bool:
        """Whether what has changed on a page did so within the bound: since the database was last asked before it."""
        since = time.monotonic() - BOUND_SECONDS
        return any(
            asked_at >= since and last < found.ended for asked_at, last in tuple(self._asked)
        )

    # Making

    def _make(
        self, request: Request, environ: Environ, start_response: StartResponse
    ) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] == "HEAD":
            return self.app(environ, start_response)
        began = self.store.position
        slot = environ[SLOT] = Slot()
        conditions: dict[str, Any] = {
            name: environ[name]
            for name in ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE")
            if name in environ
        }
        started: list[Any] = []
        result = self.app(environ, lambda *given: started.append(given))
        status, headers = started[-1][:2]
        if not slot.is_filled:
            start_response(*started[-1])
            return result
        self._miss_count = next(self._misses)
        body = _whole(result)
        environ.update(conditions)
        page = make_page(headers, body, slot, began or 0)
        if began is not None and may_store(headers, slot, has_session=request.has_session):
            page = self._put(request, slot, page)
            return make_answer(page, request.codings).send(environ, start_response)
        start_response(status, plain_headers(headers, body))
        return [body]

    def _put(self, request: Request, slot: Slot, page: Page) -> Page:
        if time.monotonic() < self._rests_until:
            return page
        key = page_key(request.place, request.query, slot.parameters)
        try:
            self.store.put(request.place.digest, key, page, slot.parameters)
        except StoreUnusable as error:
            self._note_trouble(error)
        return page


def _hot_key(environ: Environ) -> tuple[Any, ...]:
    """Return all that an answer may depend on, as it stands in the request. HEAD is a question of its own."""
    get = environ.get
    return (
        environ["REQUEST_METHOD"],
        environ["PATH_INFO"],
        get("QUERY_STRING"),
        get("HTTP_HOST"),
        get("HTTP_ACCEPT_ENCODING"),
        get("HTTP_X_FORWARDED_PROTO"),
        environ["wsgi.url_scheme"],
        get("SCRIPT_NAME"),
        "HTTP_AUTHORIZATION" in environ or "HTTP_TRANSFER_ENCODING" in environ,
    )


def _whole(result: Iterable[bytes]) -> bytes:
    try:
        return b"".join(result)
    finally:
        if hasattr(result, "close"):
            result.close()


def may_store(headers: Headers, slot: Slot, *, has_session: bool) -> bool:
    """Whether a page may be stored: nothing in it is one reader's own."""
    names = {name.lower() for name, _value in headers}
    if "set-cookie" in names or "content-encoding" in names:
        return False
    if slot.is_gated and has_session:
        return False
    varies = {
        part.strip().lower()
        for name, value in headers
        if name.lower() == "vary"
        for part in value.split(",")
    }
    return varies <= ({"accept-encoding", "cookie"} if slot.is_gated else {"accept-encoding"})


def plain_headers(headers: Headers, body: bytes) -> Headers:
    """Return the headers of a page that is not stored."""
    kept = [(name, value) for name, value in headers if name.lower() != "content-length"]
    return [*kept, ("Content-Length", str(len(body)))]


def make_page(headers: Headers, body: bytes, slot: Slot, began: int) -> Page:
    """Return what is stored of a page that Django has made."""
    kind = next((value for name, value in headers if name.lower() == "content-type"), "")
    said = next((value for name, value in headers if name.lower() == "last-modified"), "")
    return Page(
        headers=[(name, value) for name, value in headers if name.lower() not in OWN_HEADERS],
        bodies=_bodies(body, kind),
        tags=slot.tags,
        began=began,
        etag=f'W/"{blake2b(body, digest_size=12).hexdigest()}"',
        modified_at=int(parsedate_to_datetime(said).timestamp()) if said else int(time.time()),
        is_gated=slot.is_gated,
    )


def _bodies(body: bytes, kind: str) -> dict[str, bytes]:
    """Return a body in every coding that makes it smaller."""
    bodies = {"": body}
    is_text = kind.startswith(COMPRESSED) or "xml" in kind
    if is_text and len(body) >= LEAST_COMPRESSED:
        bodies["gzip"] = gzip.compress(body, GZIP_LEVEL, mtime=0)
        bodies["br"] = brotli.compress(body, quality=BROTLI_QUALITY)
    return bodies


def make_answer(page: Page, codings: tuple[str, ...]) -> Answer:
    """Return a page in the best coding that is accepted and stored."""
    coding = next(coding for coding in codings if coding in page.bodies)
    body = page.bodies[coding]
    shared = [
        ("ETag", page.etag),
        ("Last-Modified", formatdate(page.modified_at, usegmt=True)),
        ("Vary", "Accept-Encoding, Cookie" if page.is_gated else "Accept-Encoding"),
    ]
    encoding = [("Content-Encoding", coding)] if coding else []
    unchanged = [
        (name, value)
        for name, value in page.headers
        if name.lower() in {"cache-control", "surrogate-key"}
    ]
    return Answer(
        headers=[*page.headers, *shared, *encoding, ("Content-Length", str(len(body)))],
        unchanged_headers=[*unchanged, *shared],
        body=body,
        etag=page.etag,
        modified_at=page.modified_at,
        is_gated=page.is_gated,
    )
