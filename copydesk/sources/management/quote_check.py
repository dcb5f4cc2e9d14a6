"""`copydesk quote-check`: are those the source's words? Needs no site, no database and no Django."""

from __future__ import annotations

import json
import mimetypes
import sys
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any

from copydesk.kit import http
from copydesk.sources.backends.sandbox import NoSandbox, read_in_sandbox
from copydesk.sources.logic.addresses import BadAddress, clean_url
from copydesk.sources.logic.matching import TextIndex, check_layers
from copydesk.sources.logic.reading import Unreadable
from copydesk.sources.logic.remembering import Remembered
from copydesk.sources.logic.verdicts import Layer, State, Verdict

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator, Mapping

    from copydesk.sources.logic.reading import Reading
    from copydesk.sources.logic.verdicts import Finding

MAX_BYTES = 10_000_000
# A file of the user's own may be larger than what a stranger's server sends.
MAX_FILE_BYTES = 50_000_000
# Characters of the sources kept ready at once: some 240 MB, or 130 pages of 5,000 words in two layers.
ROOM = 8_000_000
WEB = ("http://", "https://")
TRUNCATED = {
    http.Truncation.LENGTH: f"is larger than {MAX_BYTES:,} bytes",
    http.Truncation.TYPE: "is of a type that holds no text",
}
UNREADABLE_STATUSES = {401: State.PAYWALLED, 402: State.PAYWALLED}

BatchLine = dict[str, Any]


class SourceTrouble(Exception):
    """A source cannot be compared with; `state` says why, None where the caller named no such thing."""

    def __init__(self, message: str, state: State | None = None) -> None:
        super().__init__(message)
        self.state = state


@dataclass(frozen=True)
class Prepared:
    """A source that was read and indexed."""

    layers: Mapping[Layer, TextIndex]
    # None for one that is as it should be.
    state: State | None
    # Whether scripts may make what its visible text lacks.
    is_hollow: bool


def run(
    options: argparse.Namespace, *, say: Callable[[object], None], tell: Callable[[object], None]
) -> int:
    """Check, and print what was found; return 0, or 2 where there is nothing to begin with, and say why."""
    try:
        _run(options, say)
    except SourceTrouble as trouble:
        tell(f"copydesk: {trouble}")
        return 2
    return 0


def _run(options: argparse.Namespace, say: Callable[[object], None]) -> None:
    prepare = _remembering(options)
    if options.batch:
        for answer in _answers(_lines(options.batch), prepare, options):
            say(_as_json(answer))
        return
    if not options.source:
        raise SourceTrouble("--quote needs a --source to compare with")
    quote = "".join(_given()) if options.quote == "-" else options.quote
    answer, finding = _checked(quote, prepare(options.source), options.language)
    for line in [_as_json(answer)] if options.json else _told(answer, finding):
        say(line)


def _remembering(options: argparse.Namespace) -> Callable[[str], Prepared]:
    """Return what prepares a source once, and says once more what was wrong with one that could not be."""
    kept = Remembered[Prepared | SourceTrouble](room=ROOM, size_of=_size)

    def attempt(source: str) -> Prepared | SourceTrouble:
        try:
            return _prepare(source, options)
        except SourceTrouble as trouble:
            return trouble

    def prepare(source: str) -> Prepared:
        found = kept.get(source, lambda: attempt(source))
        if isinstance(found, SourceTrouble):
            raise SourceTrouble(str(found), found.state)
        return found

    return prepare


def _size(prepared: Prepared | SourceTrouble) -> int:
    if isinstance(prepared, SourceTrouble):
        return 1_000
    return sum(len(index.text) for index in prepared.layers.values())


def _as_json(answer: BatchLine) -> str:
    """Return an answer as a line of JSON; an id that is no JSON, as Infinity, is left out."""
    try:
        return json.dumps(answer, ensure_ascii=False, allow_nan=False)
    except (ValueError, RecursionError):
        return json.dumps({**answer, "id": None}, ensure_ascii=False)


def _lines(name: str) -> Iterator[str]:
    try:
        if name == "-":
            yield from _given()
        else:
            with Path(name).open(encoding="utf-8", errors="replace") as file:
                yield from file
    except OSError as error:
        raise SourceTrouble(f"{name}: cannot be read: {error.strerror}") from error


def _given() -> Iterator[str]:
    """Give the lines of standard input; bytes that are no text of its encoding are replaced, as those of files are."""
    if isinstance(sys.stdin, TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")
    yield from sys.stdin


def _answers(
    lines: Iterator[str], prepare: Callable[[str], Prepared], options: argparse.Namespace
) -> Iterator[BatchLine]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        given: BatchLine = {}
        try:
            given = _parsed(line)
            _check_line(given, options.source)
            answer, _finding = _checked(
                given["quote"], prepare(given["source"]), given.get("language") or options.language
            )
            yield {"id": given.get("id"), **answer}
        except SourceTrouble as trouble:
            state = trouble.state.value if trouble.state else None
            yield {
                "id": given.get("id"),
                "line": number,
                **_blank(state),
                "error": str(trouble),
            }


def _parsed(line: str) -> BatchLine:
    try:
        given = json.loads(line)
    # Some of Python's own limits are errors of other kinds: so many digits, so deep.
    except (ValueError, RecursionError) as error:
        raise SourceTrouble(f"not a line of JSON: {error}") from error
    if not isinstance(given, dict):
        raise SourceTrouble('give an object: {"id": …, "source": …, "quote": …}')
    return given


def _check_line(given: BatchLine, source: str | None) -> None:
    given.setdefault("source", source)
    for name in ("source", "quote"):
        if not isinstance(given.get(name), str):
            raise SourceTrouble(f'"{name}" is missing, or is not a text')
    if not isinstance(given.get("language") or "", str):
        raise SourceTrouble('"language" is not a text')


def _blank(state: str | None) -> BatchLine:
    return {"verdict": None, "state": state, "warnings": [], "tags": [], "spans": [], "layer": None}


def _checked(quote: str, source: Prepared, language: str) -> tuple[BatchLine, Finding]:
    finding = check_layers(quote, source.layers, language=language)
    if finding.verdict == Verdict.NOT_FOUND and source.is_hollow:
        return _blank(State.UNVERIFIABLE.value), finding
    return {
        "verdict": finding.verdict.value,
        "state": source.state.value if source.state else None,
        "warnings": [notice.code for notice in finding.warnings],
        "notices": [notice.code for notice in finding.notices],
        "tags": [tag.value for tag in finding.tags],
        "spans": [list(span) for span in finding.spans],
        "layer": finding.layer.value if finding.layer else None,
    }, finding


def _prepare(source: str, options: argparse.Namespace) -> Prepared:
    if source.lower().startswith(WEB):
        return _prepared_page(source, options)
    path = Path(source)
    try:
        with path.open("rb") as file:
            body = file.read(MAX_FILE_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise SourceTrouble(f"{source}: cannot be read: {reason}") from error
    if len(body) > MAX_FILE_BYTES:
        raise SourceTrouble(f"{source}: is larger than {MAX_FILE_BYTES:,} bytes")
    content_type = mimetypes.guess_type(path.name)[0] or "text/plain"
    reading = _read(source, body, content_type)
    if content_type in {"text/html", "application/xhtml+xml"}:
        return _from_reading(reading, body)
    index = TextIndex(reading.layers[Layer.VISIBLE], language=options.language)
    return Prepared({Layer.SUPPLIED: index}, State.SUPPLIED, is_hollow=False)


def _prepared_page(url: str, options: argparse.Namespace) -> Prepared:
    try:
        visit = http.visit(
            clean_url(url),
            max_bytes=MAX_BYTES,
            may_connect=http.may_connect_to(options.allow_network),
        )
    except BadAddress as error:
        raise SourceTrouble(f"{url}: {error}") from error
    except (http.FetchRefused, http.FetchFailed) as error:
        raise SourceTrouble(str(error), State.UNREACHABLE) from error
    last = visit.last
    if last.status != 200:
        state = UNREADABLE_STATUSES.get(last.status, State.UNREACHABLE)
        raise SourceTrouble(f"{last.url}: answered {last.status}", state)
    if last.truncation is not None:
        problem = TRUNCATED.get(last.truncation, "came in part only")
        raise SourceTrouble(f"{last.url}: {problem}", State.UNVERIFIABLE)
    content_type = last.header("Content-Type") or "text/html"
    return _from_reading(_read(url, last.body, content_type), last.body)


def _read(source: str, body: bytes, content_type: str) -> Reading:
    try:
        return read_in_sandbox(body, content_type=content_type, url=source)
    except (Unreadable, NoSandbox) as error:
        raise SourceTrouble(f"{source}: {error}", State.UNVERIFIABLE) from error


def _from_reading(reading: Reading, body: bytes) -> Prepared:
    layers = {layer: TextIndex(text) for layer, text in reading.layers.items() if text}
    state = State.PAYWALLED if reading.is_paywalled else None
    return Prepared(layers, state, is_hollow=not reading.has_text and b"<script" in body.lower())


WORDS = {
    Verdict.EXACT: "✔ Exact: these are the source's words.",
    Verdict.EXACT_MARKED: "✔ Exact, with omissions or insertions that are marked.",
    Verdict.MINOR: "✔ Matches; differs only in what is named below.",
    Verdict.ALTERED: "✎ Altered: the source says it in other words.",
    Verdict.NOT_FOUND: "✘ Not in this source.",
}


def _told(answer: BatchLine, finding: Finding) -> Iterator[str]:
    if answer["verdict"] is None:
        yield "◌ Could not check: the page holds no text; scripts may make it."
        return
    yield WORDS[finding.verdict]
    if answer["state"]:
        yield f"  source: {answer['state']}"
    if finding.layer:
        yield f"  found in: the {finding.layer.value} text, {len(finding.spans)} passage(s)"
    for notice in (*finding.notices, *finding.warnings):
        sign = "!" if notice in finding.warnings else "·"
        detail = f": {notice.detail}" if notice.detail else ""
        yield f"  {sign} {notice.code.replace('_', ' ')}{detail}"
    for step in finding.differences:
        if not step.is_equal:
            tag = f"  [{step.tag.value}]" if step.tag else ""
            yield f"  source: {step.source or '–'}  |  quotation: {step.quote or '–'}{tag}"
    if finding.verdict not in {Verdict.EXACT, Verdict.NOT_FOUND} and finding.source_words:
        yield f"  the source's words: {finding.source_words}"
