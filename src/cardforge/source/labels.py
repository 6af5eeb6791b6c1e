"""The words by which authors mark what a thing is: a fold's label, a section's title, a question's number.

Rules 1, 3 and 5 of the shapes (``docs/shapes.md``). Everything here looks at one line at a time.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from cardforge.model import Kind

_ANSWER = frozenset(
    "answer answers solution solutions verdict explanation réponse respuesta antwort lösung risposta resposta "
    "odpowiedź ответ відповідь odpověď svar vastaus cevap "
    "απάντηση תשובה الإجابة الجواب 答案 解答 答え 回答 정답 답".split()
)
_SHOWING = frozenset(
    "show reveal see view check click open expand "
    "afficher voir montrer ver mostrar "
    "zeigen anzeigen einblenden mostra pokaż zobacz показать посмотреть показати".split()
)
_FILLER = frozenset(
    "the a to me sample full model for here la le les l el las los die das zur zum il o "
    "correct correcte correcta".split()
)
# Chinese, Japanese and Korean labels have no blanks between words, or particles at their end.
_UNSPACED = re.compile(
    r"(?:点击|點擊|查看|显示|顯示|展开|展開|参考|參考|正确|正確|标准|我的)*(?:答案|解答|解析|题解)(?:与|和|及|解析|说明)*"
    r"|(?:模範|正しい)?(?:答え|解答|回答|正解)(?:を|例)?(?:見る|みる|表示|表示する|開く|確認|確認する)?"
    r"|(?:정답|답|해답|답안|풀이)(?:을|를)?(?:보기|확인|확인하기)?"
)
_HINT = frozenset(["hint", "hints"])

SECTION_TITLES: Mapping[Kind, tuple[str, ...]] = {
    Kind.SELF_CHECK: ("self-check", "self check", "check yourself", "quiz", "review questions", "knowledge check"),
    Kind.SCENARIO: ("try it yourself", "scenario", "scenarios", "exercise", "exercises"),
    Kind.FLASHCARD: ("flashcards", "flash cards", "flashcard", "cards"),
}


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words in force: fold labels beyond the built-in ones, and section titles by kind."""

    labels: frozenset[str] = frozenset()
    sections: Mapping[Kind, tuple[str, ...]] = field(default_factory=lambda: SECTION_TITLES)


_TAG = re.compile(r"<[^>]*>")
_TAIL = re.compile(r"[(\[{（【].*$|[:：].*$", re.DOTALL)
_WORD = re.compile(r"[^\W\d_]+", re.UNICODE)


def _words(summary: str) -> list[str]:
    text = unicodedata.normalize("NFC", _TAIL.sub("", _TAG.sub(" ", summary)))
    return [word.casefold() for word in _WORD.findall(text)]


def is_answer_label(summary: str, vocabulary: Vocabulary) -> bool:
    """Whether a fold's summary only announces an answer ("Show answer", "💡 Solution (worked)")."""
    words = _words(summary)
    if words and _UNSPACED.fullmatch("".join(words)):
        return True
    naming = _ANSWER | _SHOWING | vocabulary.labels
    known = all(word in naming or word in _FILLER or word in _HINT for word in words)
    return known and any(word in naming for word in words) and not is_hint_label(summary)


def is_hint_label(summary: str) -> bool:
    """Whether a fold's summary only announces a hint."""
    words = _words(summary)
    return any(word in _HINT for word in words) and all(
        word in _HINT or word in _FILLER or word in _SHOWING for word in words
    )


def section_of(title: str, vocabulary: Vocabulary) -> tuple[Kind, str] | None:
    """The kind of card section a heading opens and the section's title, or None for any other heading.

    "Try it yourself: spot the bug" opens a scenario section titled "spot the bug"; "Quiz 2" one titled "Quiz 2".
    """
    plain = unicodedata.normalize("NFC", re.sub(r"[*_`]", "", _TAG.sub("", title))).strip()
    start = next((i for i, char in enumerate(plain) if char.isalnum()), 0)
    plain = plain[start:]
    folded = plain.casefold().replace("‑", "-").replace("–", "-")
    for kind, names in vocabulary.sections.items():
        for name in sorted(names, key=len, reverse=True):
            if folded.startswith(name) and not folded[len(name) : len(name) + 1].isalnum():
                rest = plain[len(name) :]
                told = re.match(r"\s*[:：—–-]\s*(\S.*)$", rest)
                return kind, told[1] if told else plain
    return None


_OPEN = r"\s*(?P<open>\*\*|__|<b>|<strong>)?\s*"
_CLOSE = r"(?(open)(?P<close>\*\*|__|</b>|</strong>)?)\s*"
_NUMBER = r"(?P<number>\d{1,4}|(?-i:[A-Z])(?!\w))"

# A question's number: "1.", "**1)", "Q3:", "## Question 4". Decimals are no numbering.
NUMBERED = re.compile(
    rf"{_OPEN}(?:Q|Question\s*)?(?P<number>\d{{1,4}})\s*(?:[)．、：]|[.:](?!\d)|\\\.){_CLOSE}(?=\S)", re.IGNORECASE
)
SCENARIO = re.compile(
    rf"{_OPEN}(?:Scenario|Exercise)(?:\s*{_NUMBER}\s*[.):：—–-]?|\s*[.:：]){_CLOSE}[.):：—–]?\s*",
    re.IGNORECASE,
)
QUESTION_COLON = re.compile(rf"{_OPEN}(?:Q|Question)\s*(?P<number>\d{{1,4}})?\s*[:：]\s*{_CLOSE}", re.IGNORECASE)
QUESTION_PERIOD = re.compile(rf"{_OPEN}(?:Q|Question)\s*(?P<number>\d{{1,4}})?\s*[.．](?:\s+|(?=\*\*|__|<)){_CLOSE}")
ANSWER_COLON = re.compile(rf"{_OPEN}(?:A|Answer|Ans)\s*(?P<number>\d{{1,4}})?\s*[:：]\s*{_CLOSE}", re.IGNORECASE)
ANSWER_PERIOD = re.compile(rf"{_OPEN}(?:A|Answer|Ans)\s*(?P<number>\d{{1,4}})?\s*[.．](?:\s+|(?=\*\*|__|<)){_CLOSE}")
OPTION_B = re.compile(r"\s*(?:\*\*)?[Bb]\s*[.):．：]", re.MULTILINE)

VERDICT = re.compile(
    r"\s*(?P<mark>\*\*|__|\*|_)?(?P<verdict>Yes|No|True|False|It depends)"
    r"(?:(?P<stop>[.!:;。！：；]|\s*[—–])(?(mark)(?P=mark))|(?(mark)(?P=mark))(?P<after>[.!:;。！：；]|\s*[—–])|(?P<comma>,)|(?(mark)(?P=mark))\s*$)\s*",
    re.IGNORECASE | re.MULTILINE,
)
