"""Reads the inlines of a text as GitHub does (CommonMark 0.31, chapter 6 and appendix; GFM 0.29)."""

import re
import string
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from cardforge.body.addresses import bare_address, bare_mail, pointed_address
from cardforge.body.html import DEEPEST, TooDeepError
from cardforge.body.links import (
    ENTITY,
    LONGEST_LABEL,
    PUNCTUATION,
    Definitions,
    Target,
    entity,
    normal_label,
    read_inline_target,
    read_label,
)
from cardforge.body.starts import CLOSE_TAG, OPEN_TAG

RAW = "raw"
"""The tag of an element whose text is HTML as the author wrote it."""

_PLAIN = re.compile(r"(?:[^\\`*_~\[\]!<&\n:@w]|w(?!ww\.)|:(?!//)|!(?!\[))+")
_ESCAPE = re.compile(rf"\\([{PUNCTUATION}])")
_TICKS = re.compile(r"`+")
_TAG = re.compile(f"{OPEN_TAG}|{CLOSE_TAG}")
_NOTE = re.compile(r"\[\^([^\]\s\[]{1,999})\]")
_UNTIL = {"<!--": "-->", "<?": "?>", "<![CDATA[": "]]>", "<!": ">"}
_EMPTY_COMMENT = re.compile(r"<!---?>")
_MOST_TILDES = 2
_GAP = re.compile("(?:\ufdd0[GE]\\d+\ufdd1)+")
"""Where a gap begins or ends: not a character of the text."""
_GAP_BEFORE = re.compile(_GAP.pattern + r"\Z")
_GAP_WIDTH = 40


@dataclass(slots=True, eq=False)
class _Piece:
    """A piece of the line: words or an element; or a run of marks that may yet become one."""

    content: "str | Element"
    before: "_Piece | None" = None
    after: "_Piece | None" = None
    depth: int = 0


@dataclass(slots=True, eq=False)
class _Run:
    """A run of ``*``, ``_`` or ``~`` that may open or close emphasis; ``length`` is left of ``whole``."""

    piece: _Piece
    char: str
    length: int
    opens: bool
    closes: bool
    whole: int
    before: "_Run | None" = None
    after: "_Run | None" = None


@dataclass(slots=True, eq=False)
class _Bracket:
    piece: _Piece
    at: int
    image: bool
    run: _Run | None
    active: bool = True
    holds: bool = False
    """Whether another bracket was opened after it."""


class InlineReader:
    """One leaf's text, read into the children of an element. ``use_note`` gives the number of a note, None without."""

    def __init__(self, text: str, definitions: Definitions, use_note: Callable[[str], int | None]) -> None:
        self.text, self.definitions, self.use_note = text.strip(" \t\n"), definitions, use_note
        self.head = _Piece("")
        self.last = self.head
        self.run: _Run | None = None
        self.brackets: list[_Bracket] = []
        self.in_vain: dict[str, int] = {}
        self._tick_runs: dict[int, list[int]] | None = None

    def read_into(self, element: Element) -> None:
        """Put the inlines into the element. Raises :class:`TooDeepError`."""
        at = 0
        while at < len(self.text):
            plain = _PLAIN.match(self.text, at)
            if plain:
                self._put(plain[0])
                at = plain.end()
            else:
                at = self._special(at, self.text[at])
        self._pair(None)
        _fill(element, self._pieces(self.head.after))

    # ---- pieces

    def _put(self, content: "str | Element", depth: int = 0) -> _Piece:
        piece = _Piece(content, self.last, None, depth)
        self.last.after = piece
        self.last = piece
        return piece

    def _pieces(self, first: _Piece | None, end: _Piece | None = None) -> Iterator[_Piece]:
        while first is not None and first is not end:
            yield first
            first = first.after

    def _wrap(self, tag: str, opener: _Piece, closer: _Piece | None) -> _Piece:
        """What stands between two pieces, as one piece."""
        element = Element(tag)
        inner = list(self._pieces(opener.after, closer))
        depth = 1 + max((piece.depth for piece in inner), default=0)
        if depth > DEEPEST:
            raise TooDeepError
        _fill(element, inner)
        piece = _Piece(element, opener, closer, depth)
        opener.after = piece
        if closer is None:
            self.last = piece
        else:
            closer.before = piece
        return piece

    def _remove(self, piece: _Piece) -> None:
        before, after = piece.before or self.head, piece.after
        before.after = after
        if after is None:
            self.last = before
        else:
            after.before = before

    # ---- what stands at a place

    def _special(self, at: int, char: str) -> int:
        match char:
            case "\\":
                return self._backslash(at)
            case "`":
                return self._code(at)
            case "*" | "_" | "~":
                return self._mark(at, char)
            case "[":
                if note := _NOTE.match(self.text, at):
                    number = self.use_note(normal_label(note[1]))
                    if number is not None:
                        self._put(_element("sup", str(number)))
                        return note.end()
                return self._open_bracket(at, 1)
            case "!" if self.text.startswith("[", at + 1) and not _NOTE.match(self.text, at + 1):
                return self._open_bracket(at, 2)
            case "]":
                return self._close_bracket(at)
            case "<":
                return self._angle(at)
            case "&":
                found = ENTITY.match(self.text, at)
                self._put(entity(found[0]) if found else "&")
                return found.end() if found else at + 1
            case "\n":
                return self._line_end(at)
            case ":" | "w" | "@":
                return self._bare(at, char)
        self._put(char)
        return at + 1

    def _backslash(self, at: int) -> int:
        if self.text.startswith("\n", at + 1):
            self._put(Element("br"))
            return self._skip_blanks(at + 2)
        found = _ESCAPE.match(self.text, at)
        self._put(found[1] if found else "\\")
        return found.end() if found else at + 1

    def _skip_blanks(self, at: int) -> int:
        while at < len(self.text) and self.text[at] in " \t":
            at += 1
        return at

    def _line_end(self, at: int) -> int:
        if isinstance(self.last.content, str):
            words = self.last.content.rstrip(" ")
            hard = len(self.last.content) - len(words) > 1
            self.last.content = words
            if hard:
                self._put(Element("br"))
                return self._skip_blanks(at + 1)
        self._put("\n")
        return self._skip_blanks(at + 1)

    def _code(self, at: int) -> int:
        if self._tick_runs is None:
            self._tick_runs = {}
            for found in _TICKS.finditer(self.text):
                self._tick_runs.setdefault(len(found[0]), []).append(found.start())
        length = len(_TICKS.match(self.text, at)[0])  # type: ignore[index] # a backtick stands there
        starts = self._tick_runs.get(length, [])
        index = bisect_right(starts, at)
        if index == len(starts):
            self._put("`" * length)
            return at + length
        code = self.text[at + length : starts[index]].replace("\n", " ")
        if code.strip(" ") and code[0] == code[-1] == " ":
            code = code[1:-1]
        self._put(_element("code", code))
        return starts[index] + length

    def _angle(self, at: int) -> int:
        if found := pointed_address(self.text, at):
            href, words, end = found
            self._put(_element("a", words, href=href))
            return end
        if tag := _TAG.match(self.text, at):
            self._put(_element(RAW, tag[0]))
            return tag.end()
        for opener, closer in _UNTIL.items():
            if self.text.startswith(opener, at):
                if short := _EMPTY_COMMENT.match(self.text, at):
                    return short.end()
                start = at + len(opener)
                end = -1 if self.in_vain.get(closer, len(self.text)) <= start else self.text.find(closer, start)
                if end < 0:
                    self.in_vain[closer] = min(self.in_vain.get(closer, start), start)
                    continue
                if opener == "<!" and not self.text[start].isalpha():
                    continue
                self._put(_element(RAW, self.text[at : end + len(closer)]))
                return end + len(closer)
        self._put("<")
        return at + 1

    def _bare(self, at: int, char: str) -> int:
        found = bare_mail(self.text, at) if char == "@" else None
        if char != "@" and not self.brackets:
            found = bare_address(self.text, at)
        if found is None or not self._take_back(at - found[1]):
            self._put(char)
            return at + 1
        href, start, end = found
        self._put(_element("a", self.text[start:end], href=href))
        return end

    def _take_back(self, count: int) -> bool:
        """Take the last characters, which belong to an address, away again; False where they are no mere words."""
        pieces: list[_Piece] = []
        piece: _Piece | None = self.last
        missing = count
        while missing > 0 and piece and isinstance(piece.content, str) and piece is not self.head:
            pieces.append(piece)
            missing -= len(piece.content)
            piece = piece.before
        if missing > 0:
            return False
        for each in pieces:
            while self.run and self.run.piece is each:
                self._forget(self.run)
            self._remove(each)
        if missing:
            self._put(str(pieces[-1].content)[:-missing])
        return True

    # ---- emphasis

    def _mark(self, at: int, char: str) -> int:
        end = at
        while end < len(self.text) and self.text[end] == char:
            end += 1
        gap = _GAP_BEFORE.search(self.text, max(at - _GAP_WIDTH, 0), at)
        start = gap.start() if gap else at
        before = self.text[start - 1] if start else "\n"
        gap = _GAP.match(self.text, end)
        stop = gap.end() if gap else end
        after = self.text[stop] if stop < len(self.text) else "\n"
        left = not after.isspace() and (not _is_sign(after) or _parts(before))
        right = not before.isspace() and (not _is_sign(before) or _parts(after))
        opens, closes = left, right
        if char == "_":
            opens, closes = left and (not right or _is_sign(before)), right and (not left or _is_sign(after))
        piece = self._put(self.text[at:end])
        length = end - at
        if (opens or closes) and not (char == "~" and length > _MOST_TILDES):
            run = _Run(piece, char, length, opens, closes, length, self.run)
            if self.run:
                self.run.after = run
            self.run = run
        return end

    def _pair(self, bottom: _Run | None) -> None:
        """Make emphasis of the runs after ``bottom``, and forget them."""
        closer = self.run
        while closer and closer.before is not bottom:
            closer = closer.before
        floor: dict[tuple[str, bool, int], _Run | None] = {}
        while closer:
            if not closer.closes:
                closer = closer.after
                continue
            key = (closer.char, closer.opens, closer.length if closer.char == "~" else closer.whole % 3)
            lowest = floor.get(key, bottom)
            opener = closer.before
            while opener and opener is not bottom and opener is not lowest and not _fits(opener, closer):
                opener = opener.before
            if opener is None or opener is bottom or opener is lowest:
                floor[key] = closer.before
                following = closer.after
                if not closer.opens:
                    self._forget(closer)
                closer = following
                continue
            closer = self._emphasise(opener, closer)
        while self.run and self.run is not bottom:
            self._forget(self.run)

    def _emphasise(self, opener: _Run, closer: _Run) -> _Run | None:
        """Make one emphasis; the run to go on with."""
        between = closer.before
        while between and between is not opener:
            earlier = between.before
            self._forget(between)
            between = earlier
        length = 2 if min(opener.length, closer.length) > 1 else 1
        tag = "del" if opener.char == "~" else "strong" if length > 1 else "em"
        self._wrap(tag, opener.piece, closer.piece)
        for run in (opener, closer):
            run.length -= length
            run.piece.content = run.char * run.length
            if not run.length:
                self._remove(run.piece)
                self._forget(run)
        return closer if closer.length else closer.after

    def _forget(self, run: _Run) -> None:
        if run.before:
            run.before.after = run.after
        if run.after:
            run.after.before = run.before
        else:
            self.run = run.before

    # ---- links

    def _open_bracket(self, at: int, width: int) -> int:
        if self.brackets:
            self.brackets[-1].holds = True
        piece = self._put(self.text[at : at + width])
        self.brackets.append(_Bracket(piece, at + width, width > 1, self.run))
        return at + width

    def _close_bracket(self, at: int) -> int:
        opener = self.brackets.pop() if self.brackets else None
        found = self._target(opener, at + 1) if opener and opener.active else None
        if opener is None or found is None:
            self._put("]")
            return at + 1
        target, end = found
        self._pair(opener.run)
        tag = "img" if opener.image else "a"
        piece = self._wrap(tag, opener.piece, None)
        assert isinstance(piece.content, Element)  # noqa: S101 - a wrapped piece is an element
        piece.content.set("src" if opener.image else "href", target.href)
        if target.title:
            piece.content.set("title", target.title)
        self._remove(opener.piece)
        if opener.image:
            image = piece.content
            image.set("alt", _words(image))
            image.text = None
            del image[:]
            piece.depth = 0
        else:
            for bracket in self.brackets:
                bracket.active = bracket.active and bracket.image
        return end

    def _target(self, opener: _Bracket, at: int) -> tuple[Target, int] | None:
        """Where the link leads whose words end before ``at``, and where it ends."""
        inline = read_inline_target(self.text, at + 1) if self.text.startswith("(", at) else None
        if inline:
            return inline
        label, end = read_label(self.text, at) or ("", at)
        if not label:
            if opener.holds:
                return None
            label = self.text[opener.at : at - 1]
        target = self.definitions.targets.get(normal_label(label)) if len(label) <= LONGEST_LABEL else None
        return (target, end) if target else None


def _fits(opener: _Run, closer: _Run) -> bool:
    if not opener.opens or opener.char != closer.char:
        return False
    if closer.char == "~":
        return opener.length == closer.length
    odd = (opener.closes or closer.opens) and (opener.whole + closer.whole) % 3 == 0
    return not odd or (opener.whole % 3 == 0 and closer.whole % 3 == 0)


def _is_sign(char: str) -> bool:
    return char in string.punctuation or unicodedata.category(char).startswith("P")


def _parts(char: str) -> bool:
    """Whether words may end at a character: blanks and signs, and all of a script that writes no blanks."""
    return char.isspace() or _is_sign(char) or unicodedata.east_asian_width(char) in "WF"


def _element(tag: str, text: str, **attributes: str) -> Element:
    element = Element(tag, attributes)
    element.text = text
    return element


def _fill(element: Element, pieces: Iterable[_Piece]) -> None:
    words: list[str] = []
    last: Element | None = None
    for piece in [*pieces, None]:
        content = piece.content if piece else None
        if isinstance(content, str):
            words.append(content)
            continue
        if last is None:
            element.text = "".join(words)
        else:
            last.tail = "".join(words)
        words.clear()
        if content is not None:
            element.append(content)
            last = content


def _words(element: Element) -> str:
    """The words below an element, pictures by theirs."""
    parts = [element.text or "" if element.tag != RAW else ""]
    for child in element:
        parts += [child.get("alt", ""), _words(child), child.tail or ""]
    return "".join(parts)
