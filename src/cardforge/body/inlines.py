"""Reads the inlines of a text as GitHub does (CommonMark 0.31, chapter 6 and appendix; GFM 0.29)."""

import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass

from cardforge.body.addresses import bare_address, bare_mail, pointed_address
from cardforge.body.emphasis import Emphasis, Run
from cardforge.body.html import Element
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
from cardforge.body.pieces import RAW, Piece, PieceLine, element_of, fill, words_of
from cardforge.body.starts import CLOSE_TAG, OPEN_TAG

_PLAIN = re.compile(r"(?:[^\\`*_~\[\]!<&\n:@w]++|w(?!ww\.)|:(?!//)|!(?!\[)|(?<! )\n(?![ \t]))++")
_ESCAPE = re.compile(rf"\\([{PUNCTUATION}])")
_TICKS = re.compile(r"`+")
_TAG = re.compile(f"{OPEN_TAG}|{CLOSE_TAG}")
_NOTE = re.compile(r"\[\^([^\]\s\[]{1,999})\]")
_UNTIL = {"<!--": "-->", "<?": "?>", "<![CDATA[": "]]>", "<!": ">"}
_EMPTY_COMMENT = re.compile(r"<!---?>")


@dataclass(slots=True, eq=False)
class _Bracket:
    piece: Piece
    at: int
    image: bool
    run: Run | None
    active: bool = True
    holds: bool = False
    """Whether another bracket was opened after it."""


def is_plain(text: str) -> bool:
    """Whether a text is mere words: its blanks at either end aside, it is what it says."""
    plain = _PLAIN.match(text)
    return plain is not None and plain.end() == len(text)


class InlineReader:
    """One leaf's text, read into the children of an element. ``use_note`` gives the number of a note, None without.

    ``written`` then says whether HTML of the author's was met.
    """

    def __init__(self, text: str, definitions: Definitions, use_note: Callable[[str], int | None]) -> None:
        self.text, self.definitions, self.use_note = text.strip(" \t\n"), definitions, use_note
        self.line = PieceLine()
        self.emphasis = Emphasis(self.text, self.line)
        self.brackets: list[_Bracket] = []
        self.in_vain: dict[str, int] = {}
        self.written = False
        self._tick_runs: dict[int, list[int]] | None = None

    def read_into(self, element: Element) -> None:
        """Put the inlines into the element. Raises :class:`TooDeepError`."""
        at = 0
        while at < len(self.text):
            plain = _PLAIN.match(self.text, at)
            if plain:
                self.line.put(plain[0])
                at = plain.end()
            else:
                at = self._special(at, self.text[at])
        self.emphasis.pair(None)
        fill(element, self.line.pieces(self.line.head.after))

    # ---- what stands at a place

    def _special(self, at: int, char: str) -> int:
        match char:
            case "\\":
                return self._backslash(at)
            case "`":
                return self._code(at)
            case "*" | "_" | "~":
                return self.emphasis.read(at)
            case "[":
                if note := _NOTE.match(self.text, at):
                    number = self.use_note(normal_label(note[1]))
                    if number is not None:
                        self.line.put(element_of("sup", str(number)))
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
                self.line.put(entity(found[0]) if found else "&")
                return found.end() if found else at + 1
            case "\n":
                return self._line_end(at)
            case ":" | "w" | "@":
                return self._bare(at, char)
        self.line.put(char)
        return at + 1

    def _backslash(self, at: int) -> int:
        if self.text.startswith("\n", at + 1):
            self.line.put(Element("br"))
            return self._skip_blanks(at + 2)
        found = _ESCAPE.match(self.text, at)
        self.line.put(found[1] if found else "\\")
        return found.end() if found else at + 1

    def _skip_blanks(self, at: int) -> int:
        while at < len(self.text) and self.text[at] in " \t":
            at += 1
        return at

    def _line_end(self, at: int) -> int:
        if isinstance(self.line.last.content, str):
            words = self.line.last.content.rstrip(" ")
            hard = len(self.line.last.content) - len(words) > 1
            self.line.last.content = words
            if hard:
                self.line.put(Element("br"))
                return self._skip_blanks(at + 1)
        self.line.put("\n")
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
            self.line.put("`" * length)
            return at + length
        code = self.text[at + length : starts[index]].replace("\n", " ")
        if code.strip(" ") and code[0] == code[-1] == " ":
            code = code[1:-1]
        self.line.put(element_of("code", code))
        return starts[index] + length

    def _angle(self, at: int) -> int:
        if found := pointed_address(self.text, at):
            href, words, end = found
            self.line.put(element_of("a", words, href=href))
            return end
        if tag := _TAG.match(self.text, at):
            self._put_written(tag[0])
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
                self._put_written(self.text[at : end + len(closer)])
                return end + len(closer)
        self.line.put("<")
        return at + 1

    def _put_written(self, html: str) -> None:
        self.line.put(element_of(RAW, html))
        self.written = True

    def _bare(self, at: int, char: str) -> int:
        found = bare_mail(self.text, at) if char == "@" else None
        if char != "@" and not self.brackets:
            found = bare_address(self.text, at)
        if found is None or not self._take_back(at - found[1]):
            self.line.put(char)
            return at + 1
        href, start, end = found
        self.line.put(element_of("a", self.text[start:end], href=href))
        return end

    def _take_back(self, count: int) -> bool:
        """Take the last characters, which belong to an address, away again; False where they are no mere words."""
        pieces: list[Piece] = []
        piece: Piece | None = self.line.last
        missing = count
        while missing > 0 and piece and isinstance(piece.content, str) and piece is not self.line.head:
            pieces.append(piece)
            missing -= len(piece.content)
            piece = piece.before
        if missing > 0:
            return False
        for each in pieces:
            while self.emphasis.last and self.emphasis.last.piece is each:
                self.emphasis.forget(self.emphasis.last)
            self.line.remove(each)
        if missing:
            self.line.put(str(pieces[-1].content)[:-missing])
        return True

    # ---- links

    def _open_bracket(self, at: int, width: int) -> int:
        if self.brackets:
            self.brackets[-1].holds = True
        piece = self.line.put(self.text[at : at + width])
        self.brackets.append(_Bracket(piece, at + width, width > 1, self.emphasis.last))
        return at + width

    def _close_bracket(self, at: int) -> int:
        opener = self.brackets.pop() if self.brackets else None
        found = self._target(opener, at + 1) if opener and opener.active else None
        if opener is None or found is None:
            self.line.put("]")
            return at + 1
        target, end = found
        self.emphasis.pair(opener.run)
        tag = "img" if opener.image else "a"
        piece = self.line.wrap(tag, opener.piece, None)
        assert isinstance(piece.content, Element)  # noqa: S101 - a wrapped piece is an element
        piece.content.attributes["src" if opener.image else "href"] = target.href
        if target.title:
            piece.content.attributes["title"] = target.title
        self.line.remove(opener.piece)
        if opener.image:
            image = piece.content
            image.attributes["alt"] = words_of(image)
            image.children.clear()
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
