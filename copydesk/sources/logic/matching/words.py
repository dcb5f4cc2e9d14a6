"""Words that carry a statement: negations, numbers, qualifiers, and what announces a denial."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

_NEGATIONS: Final = {
    "en": (
        "no not never none nobody nothing nowhere neither nor cannot without non hardly barely scarcely "
        "seldom rarely"
    ),
    "de": (
        "nicht nichts kein keine keinen keinem keiner keines nie niemals niemand niemanden nirgends weder "
        "noch ohne kaum"
    ),
    "fr": "ne pas jamais rien aucun aucune personne nul nulle sans ni non guere nullement",
    "es": "no nunca jamas nadie nada ningun ninguna ninguno ni tampoco sin",
    "ar": "لا لم لن ليس ليست لست ليسوا",
}
#: Of languages whose other words are not known; not looked for where the language is unknown, as "mai" is May there.
_OTHER_NEGATIONS: Final = {
    "it": "non no mai nessuno nessuna niente nulla senza ne neanche nemmeno",
    "pt": "nao nunca jamais ninguem nada nenhum nenhuma sem nem",
    "nl": "niet geen nooit niemand niets zonder noch nergens",
    "sv": "inte icke ej ingen inget inga aldrig utan",
    "da": "ikke ingen intet aldrig uden",
    "nb": "ikke ingen intet aldri uten",
    "pl": "nie nigdy nikt nic bez zaden zadna ani",
    "ru": "не ни нет никогда никто ничего без нельзя",
    "tr": "degil hic yok",
}
_NUMBERS: Final = {
    "en": (
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
        "sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred "
        "hundreds thousand thousands million millions billion billions trillion trillions dozen dozens half "
        "third thirds quarter quarters double triple twice thrice first second fourth fifth sixth seventh "
        "eighth ninth tenth score percentage"
    ),
    "de": (
        "null eins zwei drei vier funf sechs sieben acht neun zehn elf zwolf dreizehn vierzehn funfzehn "
        "sechzehn siebzehn achtzehn neunzehn zwanzig dreissig vierzig funfzig sechzig siebzig achtzig neunzig "
        "hundert tausend million millionen milliarde milliarden dutzend halb halbe halfte drittel viertel "
        "doppelt prozent"
    ),
    "fr": (
        "zero deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize vingt "
        "trente quarante cinquante soixante cent cents mille million millions milliard milliards douzaine "
        "moitie tiers quart double"
    ),
    "es": (
        "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince veinte "
        "treinta cuarenta cincuenta sesenta setenta ochenta noventa cien ciento cientos mil millon millones "
        "docena mitad tercio cuarto doble"
    ),
}
_QUALIFIERS: Final = {
    "en": (
        "some many most all few several every each any may might could would should must can will only almost "
        "nearly about approximately roughly likely unlikely possibly perhaps probably allegedly reportedly "
        "apparently always often sometimes usually generally mostly largely partly entirely completely more "
        "less least fewer at up if unless except but suspected possible potential claimed alleged said"
    ),
    "de": (
        "einige manche viele meisten alle wenige mehrere jeder jede jedes kann konnte durfte muss musste soll "
        "sollte wurde nur fast beinahe etwa ungefahr wahrscheinlich moglicherweise vielleicht angeblich immer "
        "oft manchmal meist mehr weniger wenn ausser"
    ),
    "fr": (
        "quelques plusieurs tous toutes chaque peut pourrait doit devrait seulement presque environ "
        "probablement peut-etre toujours souvent parfois plus moins si sauf"
    ),
    "es": (
        "algunos algunas muchos muchas todos todas cada puede podria debe deberia solo casi aproximadamente "
        "quiza quizas probablemente siempre menudo veces mas menos si salvo"
    ),
}
_DENIALS: Final = {
    "en": (
        "no not never denied denies deny false falsely if claims claimed claim alleges alleged untrue myth "
        "wrong without neither nor nobody none nothing rejects rejected disputes disputed doubt doubts unless "
        "cannot whether hoax refuted fabricated"
    ),
    "de": (
        "nicht kein keine keinen keinem keiner nie niemals niemand falsch bestreitet bestritt dementiert "
        "dementierte angeblich behauptet behauptete falls ob weder ohne unwahr"
    ),
    "fr": "ne pas jamais aucun aucune faux nie dement pretend pretendu si ni sans personne rien",
    "es": "no nunca jamas ningun ninguna falso niega nego desmiente supuesto si ni sin nadie tampoco",
}
#: What changes the size or the sense of what was quoted when it is cut off right before it.
MAGNITUDES: Final = frozenset({
    "hundred", "thousand", "million", "billion", "trillion", "%", "unless", "except", "times", "fold",
    "hundert", "tausend", "millionen", "milliarden", "prozent", "sofern", "mille", "millions", "milliards", "pourcent",
    "sauf", "mil", "millones", "ciento", "salvo", "excepto",
})  # fmt: skip
_WORD_BEGINS: Final = re.compile(r"[\d\x1f$€£¥<>=±≥≤≈%]")
_PREFIXES: Final = ("un", "in", "im", "il", "ir", "dis", "non", "de", "mis", "anti", "counter")
#: Those that turn a word round when they stand alone before its hyphen, as in `[un]-American`.
_LONE_PREFIXES: Final = frozenset({"un", "dis", "non", "mis", "anti", "counter", "pseudo"})


def _gathered(lists: dict[str, str]) -> dict[str, frozenset[str]]:
    words = {language: frozenset(text.split()) for language, text in lists.items()}
    words[""] = frozenset().union(*words.values())
    return words


_BY_KIND: Final = {
    "negation": _gathered(_NEGATIONS),
    "number": _gathered(_NUMBERS),
    "qualifier": _gathered(_QUALIFIERS),
    "denial": _gathered(_DENIALS),
}
_BY_KIND["negation"].update(
    {language: frozenset(text.split()) for language, text in _OTHER_NEGATIONS.items()}
)
#: Chinese and Japanese characters that deny, and endings of Japanese that do.
_DENYING_CHARACTERS: Final = frozenset("不没沒無无未非否ぬ")
_DENYING_ENDINGS: Final = re.compile("な(?:い|かっ|くて|けれ|ければ)|ません|ずに")


def _has(kind: str, fold: str, language: str) -> bool:
    lists = _BY_KIND[kind]
    return fold in lists.get(language[:2].lower(), lists[""])


def is_negation(fold: str, language: str = "") -> bool:
    """Whether a folded word denies: `not`, `don't`, `nicht`, `n'est`."""
    if fold.endswith("n't") or fold in _DENYING_CHARACTERS:
        return True
    if fold.startswith("n'") and language[:2] in {"", "fr"}:
        return len(fold) > 2
    return _has("negation", fold, language)


def denial_count(folds: Sequence[str], language: str = "") -> int:
    """Return how often some folded words deny, with the endings that Japanese denies by."""
    count = sum(is_negation(fold, language) for fold in folds)
    if any(len(fold) == 1 and fold > "\u3000" for fold in folds):
        count += len(_DENYING_ENDINGS.findall("".join(folds)))
    return count


def is_number(fold: str, language: str = "") -> bool:
    """Whether a folded token counts or measures: digits, number words, signs of currency and comparison."""
    return (
        bool(_WORD_BEGINS.search(fold))
        or fold in {"+", "°", "~", "×", "÷", "‰", "‱", "℃", "℉"}
        or _has("number", fold, language)
    )


def is_qualifier(fold: str, language: str = "") -> bool:
    """Whether a folded word says how much, how surely or under which condition."""
    return _has("qualifier", fold, language)


def announces_denial(fold: str, language: str = "") -> bool:
    """Whether what follows such a word in its sentence may be denied or only claimed."""
    return is_negation(fold, language) or _has("denial", fold, language)


def is_opposite(one: str, other: str) -> bool:
    """Whether one folded word is the other turned round: `likely` and `unlikely`, `careful` and `careless`."""
    short, long = sorted((one, other), key=len)
    if len(short) > 3 and any(long == prefix + short for prefix in _PREFIXES):
        return True
    stems = {word.removesuffix("less") for word in (one, other) if word.endswith("less")}
    return (
        len(stems) == 1
        and {one, other} & {stem + end for stem in stems for end in ("", "ful")} != set()
    )


def turns_round(words: Sequence[str], others: Sequence[str]) -> bool:
    """Whether some folded words hold the opposite of one of the others, or only a prefix that makes one."""
    if len(words) == 1 and words[0] in _LONE_PREFIXES:
        return True
    return any(is_opposite(one, other) for one in words for other in others)
