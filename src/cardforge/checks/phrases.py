"""Turns of phrase that make a card hard to learn, by language. A language without its row is not judged by them."""

import re
from collections.abc import Mapping
from typing import Final

from cardforge.values import dataclass


@dataclass(frozen=True, slots=True)
class Phrase:
    """A turn of phrase in its forms. Each has one of ``marks`` in small letters: most texts have none of them."""

    forms: re.Pattern[str]
    marks: tuple[str, ...]

    def search(self, text: str) -> re.Match[str] | None:
        """The first place of the phrase."""
        if text.isascii() and not any(map(text.lower().__contains__, self.marks)):
            return None  # beyond ASCII, other letters may stand for those of a mark
        return self.forms.search(text)


YES_OR_NO: Final[Mapping[str, frozenset[str]]] = {
    "de": frozenset("ja nein richtig falsch wahr stimmt".split()),
    "en": frozenset("yes no true false correct incorrect right wrong".split()),
    "es": frozenset("sí si no verdadero falso correcto incorrecto".split()),
    "fr": frozenset("oui non vrai faux si".split()),
    "it": frozenset("sì si no vero falso".split()),
    "nl": frozenset("ja nee waar onwaar juist onjuist".split()),
    "pl": frozenset("tak nie prawda fałsz".split()),
    "pt": frozenset("sim não verdadeiro falso".split()),
    "ru": frozenset("да нет верно неверно".split()),
    "ja": frozenset("はい いいえ 正しい 誤り".split()),
    "zh": frozenset("是 否 对 错 對 錯 正确 错误 不是".split()),
}
"""Answers that say no more than yes or no."""

OR: Final = frozenset(
    "or either whether versus vs oder ou o u ó eller of lub albo czy или либо それとも 还是 還是".split()
)
"""Words by which a question offers its answer among others."""


def _phrase(forms: str, marks: str) -> Phrase:
    return Phrase(re.compile(forms, re.IGNORECASE), tuple(marks.split("|")))


_ASKS = r"what|why|how|when|where|who|whom|which"
SECOND_QUESTION: Final[Mapping[str, Phrase]] = {
    "en": _phrase(
        rf"\b(?:{_ASKS}|explain|describe|define|name|list|state|give)\b"
        r"(?:\s+[^\s?.!]+){2,40}?"
        rf",?\s+and\s+(?:{_ASKS})\s+(?:is|are|was|were|do|does|did|can|could|should|would|will|has|have|to)\b",
        "and",
    ),
}
"""A question with another one tied to it ("What is a race condition and how do you avoid it?")."""

_HERE = (
    "lesson chapter section article course page video lecture unit module tutorial passage document handout guide slide"
)
_SHOWN = (
    "code snippet example program function script query figure diagram image picture photo graph chart plot table map"
    " formula equation expression sentence statement paragraph text excerpt circuit scenario situation"
)
ELSEWHERE: Final[Mapping[str, Phrase]] = {
    "en": _phrase(
        r"\b(?:in|from|of|by) (?:this|the (?:previous|last|next|present|above)|our|today[’']s) "
        rf"(?:{'|'.join(_HERE.split())})\b"
        r"|\b(?:described|discussed|explained|listed|mentioned|seen|shown|defined|stated|learned|covered) "
        r"(?:above|below|earlier|previously|before)\b"
        r"|\bthe (?:author|speaker|lecturer|instructor)(?:[’']s)?\b(?! of\b)",
        "this |previous |last |next |present |our |today|above|below|earlier|previously|before"
        "|the author|the speaker|the lecturer|the instructor",
    ),
}
"""Words that point out of the card, whatever else it shows."""

POINTING: Final[Mapping[str, Phrase]] = {
    "en": _phrase(
        rf"\b(?:this|that|these|those) (?:{'|'.join(_SHOWN.split())})s?\b"
        r"|\bthe (?:above|preceding)\b|\bthe following\b(?! of\b)|\bof the following\b|\b(?:as|see) (?:above|below)\b"
        r"|\b(?:does|do|did|is|are|was|were|can|could|would|will|should) (?:this|these)"
        r"(?= (?:mean|work|happen|do|show|print|return|imply|say|tell|help|matter|differ|true|false|so|the case|called"
        r"|important|necessary|needed|possible|used|useful|bad|good|a problem)\b|\W*$)"
        r"|\bthe (?:code|snippet|figure|diagram|image|picture|graph|chart|table) (?:above|below|shown)\b",
        "this|that |these|those |above|preceding|following|below|shown",
    ),
}
"""Words that point at something the card would have to show."""


def language_of(tag: str) -> str:
    """The language of a BCP 47 tag: its first part."""
    return tag.partition("-")[0].casefold()
