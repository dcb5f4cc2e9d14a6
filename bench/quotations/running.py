"""Run the matcher over generated items and count."""

from __future__ import annotations

import random
import re
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bench.quotations.honest import HONEST
from bench.quotations.items import Item, draw
from bench.quotations.lies import LIES
from copydesk.sources.logic.matching import check_quote
from copydesk.sources.logic.verdicts import Finding, Tag, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bench.quotations.sources import Text

MARKS = re.compile(r"[\[\]…]|\.\.")
CRITICAL = (Tag.NEGATION, Tag.NUMBER)


@dataclass
class Tally:
    """Verdicts per class, and every item that went wrong."""

    verdicts: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    wrong: list[tuple[Item, Finding]] = field(default_factory=list)
    honest: int = 0
    dishonest: int = 0
    false_exact: int = 0
    false_minor_critical: int = 0
    false_accepts: int = 0
    false_alarms: int = 0
    critical: int = 0
    critical_tagged: int = 0
    warned: int = 0
    to_warn: int = 0

    def add(self, item: Item, finding: Finding) -> None:
        self.verdicts[item.kind][finding.verdict.value] += 1
        (self._add_honest if item.is_honest else self._add_lie)(item, finding)

    def _add_honest(self, item: Item, finding: Finding) -> None:
        self.honest += 1
        codes = {warning.code for warning in finding.warnings}
        is_warned = not item.warning or item.warning in codes
        self.to_warn += bool(item.warning)
        self.warned += bool(item.warning) and is_warned
        self.false_alarms += not finding.is_accepted
        if not finding.is_accepted or not is_warned:
            self.wrong.append((item, finding))

    def _add_lie(self, item: Item, finding: Finding) -> None:
        self.dishonest += 1
        is_weak = any(warning.code in {"weak_segment", "too_short"} for warning in finding.warnings)
        is_ransom = item.kind.startswith("ransom")
        is_believed = finding.is_accepted and not (is_ransom and is_weak)
        self.false_accepts += is_believed
        self.false_exact += finding.verdict is Verdict.EXACT
        self.false_minor_critical += finding.verdict is Verdict.MINOR and item.tag in CRITICAL
        is_tagged = True
        if item.tag in CRITICAL:
            is_tagged = item.tag in finding.tags
            self.critical += 1
            self.critical_tagged += is_tagged
        if is_believed or not is_tagged:
            self.wrong.append((item, finding))

    @property
    def targets(self) -> dict[str, tuple[float, float, bool]]:
        """What was wanted, what came, and whether that will do."""
        shares = {
            "false exact, items": (0.0, float(self.false_exact)),
            "false minor hiding negation or number, items": (0.0, float(self.false_minor_critical)),
            "false accepts, %": (0.3, 100 * self.false_accepts / self.dishonest),
            "false alarms on honest quotations, %": (0.5, 100 * self.false_alarms / self.honest),
            "negation and number changes untagged, %": (
                1.0,
                100 * (1 - self.critical_tagged / self.critical),
            ),
            "warnings missing, %": (1.0, 100 * (1 - self.warned / self.to_warn)),
        }
        return {
            name: (wanted, round(came, 3), came <= wanted)
            for name, (wanted, came) in shares.items()
        }


def generate(texts: list[Text], count: int, seed: int) -> Iterator[Item]:
    """Return so many items: every class in turn, as far as the passages drawn allow it."""
    dice = random.Random(seed)
    english = [text for text in texts if text.language == "en"]
    makers = [*HONEST, *LIES]
    made = 0
    while made < count:
        for maker in makers:
            for _ in range(60):
                passage = draw(dice.choice(english), dice)
                if maker in LIES and MARKS.search(str(passage)):
                    continue  # What is left out beside the source's own ellipsis would be marked.
                item = maker(passage, dice, english)
                if item is not None:
                    made += 1
                    yield item
                    break
            if made == count:
                return


def run(items: list[Item], on_progress: Callable[[int], None] = lambda _: None) -> Tally:
    tally = Tally()
    for number, item in enumerate(items):
        tally.add(item, check_quote(item.quote, item.index))
        on_progress(number + 1)
    return tally


def timings(text: Text, count: int, seed: int) -> dict[str, float]:
    """Return milliseconds of CPU per quotation, once the text is indexed, and for indexing it.

    The index is complete when the clock starts; a text decoded wrongly is repaired once, with the first quotation that
    asks for it, and is counted there.
    """
    started = time.process_time()
    index = text.index
    assert index.postings
    indexed = time.process_time() - started
    taken = []
    for item in generate([text], count, seed):
        if item.index is not index:
            continue
        started = time.process_time()
        check_quote(item.quote, index)
        taken.append(1000 * (time.process_time() - started))
    taken.sort()
    return {
        "words": len(text.words),
        "quotations": len(taken),
        "index_ms": round(1000 * indexed, 1),
        "median_ms": round(taken[len(taken) // 2], 2),
        "p95_ms": round(taken[int(len(taken) * 0.95)], 2),
        "max_ms": round(taken[-1], 2),
    }
