"""The WSGI front: answers for stored pages before Django is entered, and stores what Django makes."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any, TypeGuard

from django.conf import settings

from copydesk.pagestore.backends.store import Found, Store, StoreUnusable
from copydesk.pagestore.logic.answers import Answer, accepted, make_answer
from copydesk.pagestore.logic.keys import Place, page_key, place_of
from copydesk.pagestore.logic.making import make_page, may_store, plain_headers
from copydesk.pagestore.logic.slot import MESSAGES_COOKIE, SLOT, Slot
from copydesk.pagestore.middleware.watch import Watch
from copydesk.pagestore.queries import shared_store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from copydesk.pagestore.logic.pages import Page

    Environ = dict[str, Any]
    StartResponse = Callable[..., Any]
    Application = Callable[[Environ, StartResponse], Iterable[bytes]]

# How long readers wait for the one who makes a page, and how often they look.
PATIENCE_SECONDS, GLANCE_SECONDS = 2.0, 0.004
COUNT_SECONDS = 2.0
HOT_BYTES, HOT_PAGES = 32 * 2**20, 2_000


class Hot:
    """The answers this process has sent since something last expired: the next one costs a look into a dictionary."""

    def __init__(self) -> None:
        self.answers: dict[tuple[Any, ...], Answer] = {}
        self.bytes = 0

    def keep(
        self, answers: dict[tuple[Any, ...], Answer], key: tuple[Any, ...], answer: Answer
    ) -> None:
        """Keep an answer among `answers`, which the caller took before it looked whether the page still counts.

        Where something has expired since, these are thrown away already. All go when there are too many.
        """
        if answers is self.answers:
            self.bytes += len(answer.body)
            if self.bytes > HOT_BYTES or len(answers) >= HOT_PAGES:
                self.clear()
                return
        answers[key] = answer

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
    _counts_at: float = 0.0
    # Adding to a number is not safe between threads; taking the next one of an iterator is.
    _hits: Iterator[int] = field(default_factory=lambda: count(1))
    _misses: Iterator[int] = field(default_factory=lambda: count(1))
    _hit_count: int = 0
    _miss_count: int = 0
    _counted: dict[str, int] = field(default_factory=lambda: {"hits": 0, "misses": 0})

    def __post_init__(self) -> None:
        self.watch = Watch(self.store, self._hand_on_counts, self.hot.clear)
        self.language = settings.LANGUAGE_CODE
        self.secure_header = settings.SECURE_PROXY_SSL_HEADER
        # Names alone: whatever Django takes for such a cookie has its name in it.
        self.session_mark = settings.SESSION_COOKIE_NAME
        self.messages_mark = MESSAGES_COOKIE

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        if time.monotonic() < self.watch.good_until and self.store.signal[:] == self.watch.signal:
            answer = self.hot.answers.get(_hot_key(environ))
            if answer is not None and self._may_have(environ, is_gated=answer.is_gated):
                self._hit_count = next(self._hits)
                return answer.send(environ, start_response)
        request = self._read(environ)
        if request is None or not self.watch.is_current():
            return self.app(environ, start_response)
        try:
            return self._answer(request, environ, start_response)
        except StoreUnusable as error:
            self.watch.note_trouble(error)
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

    def _hand_on_counts(self, now: float) -> None:
        if now < self._counts_at:
            return
        self._counts_at = now + COUNT_SECONDS
        seen = {"hits": self._hit_count, "misses": self._miss_count}
        new = {name: seen[name] - self._counted[name] for name in seen}
        if any(new.values()):
            self.store.count(new)
            self._counted = seen

    # Answering

    def _answer(
        self, request: Request, environ: Environ, start_response: StartResponse
    ) -> Iterable[bytes]:
        answers = self.hot.answers
        parameters = self.store.rule(request.place.digest)
        if parameters is None:
            return self._make(request, environ, start_response)
        key = page_key(request.place, request.query, parameters)
        found = self.store.get(key)
        if found is not None and found.page.is_gated and request.has_session:
            return self._make(request, environ, start_response)
        if found is not None and found.is_current:
            self._hit_count = next(self._hits)
            answer = make_answer(found.page, request.codings)
            self.hot.keep(answers, _hot_key(environ), answer)
            return answer.send(environ, start_response)
        if environ["REQUEST_METHOD"] == "HEAD":
            return self.app(environ, start_response)
        return self._refill(key, found, request, environ, start_response)

    def _serve(
        self, page: Page, request: Request, environ: Environ, start_response: StartResponse
    ) -> Iterable[bytes]:
        self._hit_count = next(self._hits)
        return make_answer(page, request.codings).send(environ, start_response)

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
            if self._is_bearable(found, request):
                return self._serve(found.page, request, environ, start_response)
            if time.monotonic() > deadline:
                return self._make(request, environ, start_response)
            time.sleep(GLANCE_SECONDS)
            found = self.store.get(key)
            if self._counts(found):
                return self._serve(found.page, request, environ, start_response)
        try:
            found = self.store.get(key)
            if self._counts(found):  # Somebody finished just before the claim.
                return self._serve(found.page, request, environ, start_response)
            return self._make(request, environ, start_response)
        finally:
            self._release(key)

    def _counts(self, found: Found | None) -> TypeGuard[Found]:
        """Whether a page that was looked up after a wait may be served: what is known must not be old by now."""
        return found is not None and found.is_current and self.watch.is_current()

    def _is_bearable(self, found: Found | None, request: Request) -> TypeGuard[Found]:
        """Whether a page that has changed may be served once more; who sent a cookie may be who changed it."""
        return (
            found is not None
            and not request.has_cookies
            and self.watch.is_within_bound(found.ended)
        )

    def _release(self, key: bytes) -> None:
        try:
            self.store.release(key)
        except StoreUnusable as error:
            self.watch.note_trouble(error)

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
        if self.watch.is_resting:
            return page
        key = page_key(request.place, request.query, slot.parameters)
        try:
            self.store.put(request.place.digest, key, page, slot.parameters)
        except StoreUnusable as error:
            self.watch.note_trouble(error)
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
