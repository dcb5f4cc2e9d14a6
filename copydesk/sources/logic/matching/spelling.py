"""British and American spellings of one word: a difference of house style, not of words.

Only pairs whose two forms mean the same wherever they stand; so neither cheque and check nor tyre and tire, and no
name (Grey and Gray).
"""

from __future__ import annotations

from typing import Final

_OUR: Final = (
    "armour behaviour clamour colour demeanour endeavour favour favourite flavour harbour honour honourable humour "
    "labour neighbour neighbourhood odour parlour rancour rigour rumour savour splendour tumour valour vapour vigour"
)
_ISE: Final = (
    "agonise apologise authorise capitalise categorise centralise characterise civilise colonise criminalise "
    "criticise democratise demonise destabilise economise emphasise energise equalise finalise formalise fossilise "
    "generalise globalise harmonise hospitalise humanise immunise industrialise initialise institutionalise "
    "jeopardise legalise legitimise liberalise localise marginalise maximise memorise militarise minimise mobilise "
    "modernise monopolise nationalise neutralise normalise optimise organise ostracise penalise polarise popularise "
    "prioritise privatise publicise radicalise rationalise realise recognise reorganise revolutionise scrutinise "
    "sensationalise specialise stabilise standardise sterilise stigmatise subsidise summarise symbolise sympathise "
    "theorise traumatise utilise vandalise visualise"
)
_YSE: Final = "analyse catalyse paralyse"
_DOUBLED: Final = (
    "cancel channel counsel fuel label level marvel model quarrel signal travel tunnel"
)
_PAIRS: Final = (
    "ageing aging aeroplane airplane aluminium aluminum analogue analog catalogue catalog centre center "
    "centres centers centred centered defence defense dialogue dialog enrol enroll enrolment enrollment "
    "fibre fiber fibres fibers fulfil fulfill fulfilment fulfillment jewellery jewelry judgement judgment "
    "kilometre kilometer kilometres kilometers litre liter litres liters manoeuvre maneuver metre meter metres meters "
    "millimetre millimeter millimetres millimeters centimetre centimeter centimetres centimeters "
    "mould mold moustache mustache offence offense paediatric pediatric plough plow pretence pretense "
    "programme program programmes programs sceptic skeptic sceptical skeptical scepticism skepticism skilful skillful "
    "sulphur sulfur theatre theater theatres theaters whilst while amongst among towards toward "
    "anaemia anemia haemorrhage hemorrhage diarrhoea diarrhea foetus fetus oestrogen estrogen"
)


def _variants() -> dict[str, str]:
    """Return the American form of each British one."""
    pairs = dict(zip(_PAIRS.split()[::2], _PAIRS.split()[1::2], strict=True))
    for word in _OUR.split():
        american = word.replace("our", "or", 1)
        for ending in ("", "s", "ed", "ing", "able", "ably", "ful", "less", "ite", "ites"):
            pairs[word + ending] = american + ending
    for words, sound in ((_ISE, "is"), (_YSE, "ys")):
        for word in words.split():
            stem, american = word[:-1], word[:-2] + "z"
            if not stem.endswith(sound):
                raise AssertionError(word)
            for ending in ("e", "es", "ed", "ing", "er", "ers", "ation", "ations"):
                pairs[stem + ending] = american + ending
    for word in _DOUBLED.split():
        for ending in ("ed", "ing", "er", "ers"):
            pairs[f"{word}l{ending}"] = word + ending
    return pairs


AMERICAN: Final = _variants()
