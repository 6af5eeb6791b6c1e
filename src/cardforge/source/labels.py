"""The words by which authors mark what a thing is: a fold's label, a section's title, a question's number.

Rules 1, 3 and 5 of the shapes (``docs/shapes.md``). Everything here looks at one line at a time.
"""

import re
import unicodedata
from functools import lru_cache

from cardforge.model import Kind
from cardforge.source.words import (
    ANSWER,
    ANSWER_LINE,
    FILLER,
    HINT,
    QUESTION_LINE,
    SCENARIO_LINE,
    SECTION_TITLES,
    SHOWING,
    UNSPACED,
)
from cardforge.vocabulary import Vocabulary

_UNSPACED = re.compile(UNSPACED)
_TAG = re.compile(r"<[^<>]*>")
_ASCII_WORD = re.compile("[a-z]+")
_TAIL = re.compile(r"[(\[{（【].*$|[:：].*$", re.DOTALL)


REMEMBERED = 256
"""Texts that are known again: a project's folds have few labels, and each text is asked about many times."""


def _words(summary: str) -> list[str]:
    text = unicodedata.normalize("NFC", _TAIL.sub("", _TAG.sub(" ", summary)))
    if text.isascii():
        return _ASCII_WORD.findall(text.lower())
    # A vowel sign or a virama is part of its word, as is the joiner between the parts of a Persian one.
    letters = (
        char if char.isalpha() or char == "\u200c" or unicodedata.category(char)[0] == "M" else " " for char in text
    )
    return "".join(letters).casefold().split()


def is_answer_label(summary: str, vocabulary: Vocabulary) -> bool:
    """Whether a fold's summary only announces an answer ("Show answer", "💡 Solution (worked)")."""
    return _announces(summary, vocabulary.labels)


@lru_cache(maxsize=REMEMBERED)
def _announces(summary: str, labels: frozenset[str]) -> bool:
    words = _words(summary)
    if words and _UNSPACED.fullmatch("".join(words)):
        return True
    naming = ANSWER | SHOWING | labels
    known = all(word in naming or word in FILLER or word in HINT for word in words)
    return known and any(word in naming for word in words) and not is_hint_label(summary)


@lru_cache(maxsize=REMEMBERED)
def is_hint_label(summary: str) -> bool:
    """Whether a fold's summary only announces a hint."""
    words = _words(summary)
    return any(word in HINT for word in words) and all(
        word in HINT or word in FILLER or word in SHOWING for word in words
    )


def section_of(title: str, vocabulary: Vocabulary) -> tuple[Kind, str] | None:
    """The kind of card section a heading opens and the section's title, or None for any other heading.

    "Try it yourself: spot the bug" opens a scenario section titled "spot the bug"; "Quiz 2" one titled "Quiz 2".
    """
    plain = unicodedata.normalize("NFC", re.sub(r"[*_`]", "", _TAG.sub("", title))).strip()
    start = next((i for i, char in enumerate(plain) if char.isalnum()), 0)
    plain = plain[start:]
    folded = plain.casefold().replace("‑", "-").replace("–", "-")
    for kind in SECTION_TITLES:
        for name in sorted((*SECTION_TITLES[kind], *vocabulary.sections.get(kind, ())), key=len, reverse=True):
            if folded.startswith(name) and not folded[len(name) : len(name) + 1].isalnum():
                rest = plain[len(name) :]
                told = re.match(r"\s*[:：—–-]\s*(\S.*)$", rest)
                return kind, told[1] if told else plain
    return None


# Possessive (`*+`): a long run of blanks is looked at once, and not once for each way to divide it.
# The marks that turn the direction of text are no letters.
_OPEN = r"[\s\u200e\u200f\u061c]*+(?P<open>\*\*|__|<b>|<strong>)?+\s*+"
_CLOSE = r"(?(open)(?P<close>\*\*|__|</b>|</strong>)?)\s*"
_NUMBER = r"(?P<number>\d{1,4}|(?-i:[A-Z])(?!\w))"

# A question's number: "1.", "**1)", "Q3:", "## Question 4". Decimals are no numbering.
NUMBERED = re.compile(
    rf"{_OPEN}(?:(?:{QUESTION_LINE})\s*)?(?P<number>\d{{1,4}})\s*(?:[)．、：]|[.:](?!\d)|\\\.){_CLOSE}(?=\S)",
    re.IGNORECASE,
)
SCENARIO = re.compile(
    rf"{_OPEN}(?:{SCENARIO_LINE})(?:\s*{_NUMBER}\s*[.):：—–-]?|\s*[.:：]){_CLOSE}[.):：—–]?\s*",
    re.IGNORECASE,
)
QUESTION_COLON = re.compile(rf"{_OPEN}(?:{QUESTION_LINE})\s*+(?P<number>\d{{1,4}})?\s*+[:：]\s*{_CLOSE}", re.IGNORECASE)
QUESTION_PERIOD = re.compile(rf"{_OPEN}(?:Q|Question)\s*+(?P<number>\d{{1,4}})?\s*+[.．](?:\s+|(?=\*\*|__|<)){_CLOSE}")
ANSWER_COLON = re.compile(rf"{_OPEN}(?:{ANSWER_LINE})\s*+(?P<number>\d{{1,4}})?\s*+[:：]\s*{_CLOSE}", re.IGNORECASE)
ANSWER_PERIOD = re.compile(rf"{_OPEN}(?:A|Answer|Ans)\s*+(?P<number>\d{{1,4}})?\s*+[.．](?:\s+|(?=\*\*|__|<)){_CLOSE}")
LETTERED = re.compile(
    rf"{_OPEN}[(（]?(?P<number>[^\W\d_])\u0640?\s?(?:[)）．、：]|[.:](?!\w+\.)){_CLOSE}",
)
CLOZE_COLON = re.compile(rf"{_OPEN}(?:(?-i:C)|Cloze)\s*(?P<number>\d{{1,4}})?\s*[:：]\s*{_CLOSE}", re.IGNORECASE)
EXTRA_COLON = re.compile(rf"{_OPEN}Extra\s*(?P<number>\d{{1,4}})?\s*[:：]\s*{_CLOSE}", re.IGNORECASE)
EXPLANATION_COLON = re.compile(
    r"\W*(?:Explanation|Rationale|Reason|Erklärung|Begründung|Explication|Explicación|Explicação|Spiegazione|Uitleg|Wyjaśnienie"
    r"|Объяснение|Пояснение|Пояснення|解析|解释|解釋|解説|해설|הסבר|الشرح|شرح)\W*[:：]",
    re.IGNORECASE,
)
_ASKING = ("?", "？", "؟", "___", "…", "...")
_QUESTION_NUMBER = re.compile(r"\W*Q(?:uestion)?\W*\d", re.IGNORECASE)
OPTION_B = re.compile(r"\s*(?:\*\*)?[Bb]\s*[.):．：]", re.MULTILINE)

VERDICT = re.compile(
    r"\s*(?P<mark>\*\*|__|\*|_)?(?P<verdict>Yes|No|True|False|It depends)"
    r"(?:(?P<stop>[.!:;。！：；]|\s*[—–])(?(mark)(?P=mark))|(?(mark)(?P=mark))(?P<after>[.!:;。！：；]|\s*[—–])|(?P<comma>,)|(?(mark)(?P=mark))\s*$)\s*",
    re.IGNORECASE | re.MULTILINE,
)


def asks(text: str) -> bool:
    """Whether a text asks: it has a question mark, a gap to fill, or says that it is question number so-and-so."""
    if any(sign in text for sign in _ASKING) or text.rstrip().endswith(";"):
        return True
    return _QUESTION_NUMBER.match(text) is not None


@lru_cache(maxsize=REMEMBERED)
def has_question_colon(text: str) -> bool:
    """Whether a text begins as a question does: "Q:"."""
    return QUESTION_COLON.match(text) is not None
