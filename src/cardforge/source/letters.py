"""The letters by which options are told apart, and which of them an answer names ("#### Answer: D", "Ответ: б, г")."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from itertools import pairwise

from cardforge.passage import Line, Passage, join
from cardforge.source.marks import Fence
from cardforge.source.words import ANSWER, FILLER, SHOWING
from cardforge.values import dataclass

_FIRST = frozenset("a\u0430\u05d0\u03b1\u0623\u0627")
_WIDEST_STEP = 32
_LOOKALIKES = str.maketrans("авсенкмортх", "abcehkmoptx")

# Words that may stand between "answer" and the letter, or around it, in the languages of the labels.
_LINKING = frozenset(
    "right best option options choice choices letter key no would be should as follows number "
    "is are was ist sind lautet lauten est sont es son è sono é são is jest to är er on ovat "
    "bonne bonnes richtig richtige richtigen korrekte rätt oikea prawidłowa правильный верный правильная правильні "
    "правильна вірна вариант варианты варіант správná riposta giusta corretta certa σωστή הנכונה הצחיחה الصحيحة هي هو "
    "option опция".split()
)
_NAMING = frozenset("ans answer key correct right risposta rép répons rta antworten réponses respuestas ответы".split())
_UNSPACED = re.compile(
    r"\s*(?:正确|正確|标准|標準|参考|參考|本题|正しい|模範)*(?:答案|解答|答え|正解|回答|答|정답|답)\s*"
    r"(?:是|为|為|應為|应为|は|은)?\s*[:：]?\s*"
)
_TOKEN = re.compile(r"(?P<word>[^\W\d_]+)|(?P<stop>[:：=]|[-–—](?=\s))|(?P<space>[\s\d.#’'()/]+)")
_MARKUP = re.compile(r"<[^<>]*>|[*_`#>~]")
_NOTHING = re.compile(r"(?:\s|<[^<>]*>)*")
_LETTER = r"(?:(?P<{0}>[A-Za-zＡ-Ｚａ-ｚ])(?![A-Za-z0-9'’])|(?P<{0}2>[^\W\d_A-Za-z])\u0640?(?![^\W_]))"
_ONE = re.compile(r"[(（\[]?" + _LETTER.format("l") + r"(?P<close>[)）\]]?)")
_SEPARATOR = re.compile(
    r"\s*(?:[,，、;；/&+]|(?:,\s*)?(?:and|und|et|y|e|и|і|та|en|och|og|ja|oraz|i|και|ו-?|و|及|和|与|および)(?=\W))"
    r"\s*(?:and\s+)?|\s+(?=[(（\[]?[^\W\d_](?:[\s,.;)\]）]|$))"
)
_TOGETHER = re.compile(r"[A-Z]{2,8}(?![A-Za-z0-9])|[Ａ-Ｚ]{2,8}")
_STOP = re.compile(r"\s*(?:$|[).:：．。、,，;；!—–-]+\s*)")


def letter_of(text: str) -> str:
    """A letter as it is compared: its width and case do not matter."""
    return unicodedata.normalize("NFKC", text).casefold()


def follows(letter: str, before: str) -> bool:
    """Whether options may be lettered so: ``before`` and then ``letter``; the first one comes after ""."""
    if not before:
        return letter in _FIRST
    if letter.isascii() or before.isascii():
        return ord(letter[0]) == ord(before[0]) + 1
    script = unicodedata.name(letter[0], "?").split()[0]
    return script == unicodedata.name(before[0], "?").split()[0] and 0 < ord(letter[0]) - ord(before[0]) < _WIDEST_STEP


@dataclass(frozen=True, slots=True)
class Named:
    """What an answer names: the letters of options; where no option has one of them, its place is ``unknown``."""

    letters: frozenset[str]
    explanation: Passage
    unknown: Passage | None = None


def read_named(answer: Passage, options: Mapping[str, str], *, announced: bool) -> Named | None:
    """Which of the ``options`` (letter to text) an answer names, or None if it names none.

    Where an answer is ``announced`` by what stands around it, a letter alone may open it; elsewhere a line has to say
    "answer". The line, or its part, that does no more than name leaves the explanation.
    """
    fence: Fence | None = None
    for index, line in enumerate(answer.lines):
        if fence:
            fence = None if fence.closed_by(line.text) else fence
            continue
        fence = Fence.opened_by(line.text)
        if fence or not line.text.strip():
            announced = announced and not fence
            continue
        told = _naming(line.text, options, announced=announced)
        if told is not None:
            return _named(answer, index, told, options)
        announced = names_answer(line.text) or (announced and not _bare(line.text).strip())
    return None


def names_answer(text: str) -> bool:
    """Whether a line says no more than that the answer follows."""
    end, named = _label(_bare(text))
    return named and not _bare(text)[end:].strip(" .!…")


def opens_answer(text: str, options: Mapping[str, str]) -> bool:
    """Whether a line names the answer ("Answer: B")."""
    told = _naming(text, options, announced=False)
    return told is not None


@dataclass(frozen=True, slots=True)
class _Naming:
    letters: Sequence[tuple[str, int]]
    rest: int
    """Where the explanation goes on in the line; 0: the line is part of it."""


def _bare(text: str) -> str:
    """The line with blanks for its markup; every character keeps its place."""
    return _MARKUP.sub(lambda found: " " * len(found[0]), text)


def _label(text: str) -> tuple[int, bool]:
    """Where the words that announce an answer end, and whether there are any: "The correct answer is", "A:", "答案：".

    They end after a colon, or before the first word that is none of them.
    """
    if unspaced := _UNSPACED.match(text):
        return unspaced.end(), True
    at, named = 0, False
    while token := _TOKEN.match(text, at):
        word = token["word"].casefold() if token["word"] else ""
        if token["stop"]:
            return (token.end() if named else 0), named
        if len(word) == 1:
            if (
                at != len(text) - len(text.lstrip())
                or word != "a"
                or not re.match(r"\s*\d*\s*[:：]", text[token.end() :])
            ):
                break
            named = True
        elif word:
            if word not in ANSWER | SHOWING | FILLER | _LINKING | _NAMING:
                break
            named = named or word in ANSWER | _NAMING
        at = token.end()
    while at and text[at - 1] in "([（":
        at -= 1
    return (at, True) if named else (0, False)


def _naming(text: str, options: Mapping[str, str], *, announced: bool) -> _Naming | None:
    bare = _bare(text)
    start, labelled = _label(bare)
    if not labelled and not announced:
        return None
    start += len(bare[start:]) - len(bare[start:].lstrip())
    letters, end = _letters(bare, start, options)
    if not letters:
        return None
    known = all(_known(letter, options) for letter, _ in letters)
    stop = _STOP.match(bare, end)
    closed = bare[end - 1] in ")）]"
    if stop or closed:
        rest = stop.end() if stop else end
        whole = not bare[rest:].strip()
        if known or whole or (labelled and bare[:start].rstrip().endswith((":", "："))):
            said = labelled and not whole and not bare[:start].rstrip().endswith((":", "：", "=")) and not closed
            return _Naming(letters, 0 if said and bare[end : end + 1] not in ".:)：" else rest)
        return None
    # A word follows: "B because …", "B Paris". In "A closure is …" the letter is an article.
    if not known:
        return None
    first = letters[0][0]
    quoted = _same(bare[end:], options.get(first, ""), start=True)
    upper = text[letters[0][1]].isupper() and (text[letters[0][1]].isascii() and text[letters[0][1]] not in "AI")
    if quoted or upper or len(letters) > 1 or re.match(r"\s+(?:is|are|because|since|as)\b", bare[end:]):
        return _Naming(letters, end if labelled and quoted else 0)
    return None


def _letters(text: str, start: int, options: Mapping[str, str]) -> tuple[list[tuple[str, int]], int]:
    together = _TOGETHER.match(text, start)
    if together:
        found = [(letter_of(char), together.start() + i) for i, char in enumerate(together[0])]
        ascending = all(a < b for (a, _), (b, _) in pairwise(found))
        return (found, together.end()) if ascending and all(letter in options for letter, _ in found) else ([], start)
    found, at = [], start
    while one := _ONE.match(text, at):
        char = one["l"] or one["l2"]
        if found and char.isupper() != text[found[0][1]].isupper():
            break
        found.append((letter_of(char), one.start("l") if one["l"] else one.start("l2")))
        at = one.end()
        separator = _SEPARATOR.match(text, at)
        following = _ONE.match(text, separator.end()) if separator else None
        if separator is None or following is None:
            break
        if letter_of(following["l"] or following["l2"]) not in options and not separator[0].strip():
            break
        at = separator.end()
    return found, at


def _known(letter: str, options: Mapping[str, str]) -> bool:
    return letter in options or letter.translate(_LOOKALIKES) in options


def _named(answer: Passage, index: int, told: _Naming, options: Mapping[str, str]) -> Named:
    line = answer.lines[index]
    letters = set()
    for letter, at in told.letters:
        if not _known(letter, options):
            place = Passage(answer.file, (line.cut(at).head(1),))
            return Named(frozenset(), answer, place)
        letters.add(letter if letter in options else letter.translate(_LOOKALIKES))
    before = list(answer.lines[:index])
    while before and (_NOTHING.fullmatch(before[-1].text) or names_answer(before[-1].text)):
        before.pop()
    rest = line.cut(told.rest) if told.rest else line
    if told.rest:
        rest = _balanced(rest)
        if len(letters) == 1 and _same(rest.text, options[next(iter(letters))]):
            rest = rest.cut(len(rest.text))
    kept = [rest] if _bare(rest.text).strip(" .。") else []
    between = [Line("", line.number)] if before else []
    after = list(answer.lines[index + 1 :])
    while after and _NOTHING.fullmatch(after[-1].text):
        after.pop()
    return Named(frozenset(letters), join(answer.file, [*before, *between, *kept, *after]))


def _same(text: str, option: str, *, start: bool = False) -> bool:
    """Whether a text repeats an option's words, or starts with them."""
    said, meant = (" ".join(re.findall(r"\w+|[^\w\s.]", _bare(each).casefold())) for each in (text, option))
    return bool(meant) and (said.startswith(meant) if start else said == meant)


def _balanced(line: Line) -> Line:
    """The end of a line whose beginning opened a bold run: without the run's end, or with its beginning again."""
    for mark in ("**", "__"):
        if line.text.count(mark) % 2:
            if line.text.lstrip().startswith(mark):
                line = line.cut(line.text.index(mark) + 2)
            else:
                line = Line(mark + line.text, line.number, line.column - len(mark))
    return line.dedent(len(line.text))
