"""Tags of components as MDX has them: ``<Flashcard question="…" hint={`…`}>``, over several lines or on one."""

import html
import re
from collections.abc import Iterable, Iterator, Sequence

from cardforge.passage import Line, Passage, join
from cardforge.source.marks import Fence
from cardforge.values import dataclass

LONGEST = 64 * 1024
"""Characters a tag may have."""

_NAME = re.compile(r"<(?P<name>[A-Za-z_][\w.-]*)(?=[\s/>{]|$)")
_BLANKS = re.compile(r"\s*+")
_PROP = re.compile(
    r"(?P<name>[A-Za-z_@:][\w:.-]*+)(?:\s*+=\s*+(?P<value>\"[^\"]*+\"|'[^']*+'|(?P<open>\{)|[^\s\"'<>{}/]++))?"
)
_IN_BRACES = re.compile(
    r"\"(?:[^\"\\\n]|\\.)*+\"|'(?:[^'\\\n]|\\.)*+'|`(?:[^`\\]|\\[\s\S])*+`|/\*[\s\S]*?\*/|(?P<open>\{)|(?P<close>\})"
)
TAG = re.compile(r"(?<!`)(?P<ticks>`++).*?(?<!`)(?P=ticks)(?!`)|<(?P<close>/?)(?P<name>[A-Z][\w.]*)(?=[\s/>{]|$)")
"""The beginning of a component's tag in a line, and the code spans in which there is none."""


@dataclass(frozen=True, slots=True)
class Prop:
    """A prop's value at ``[start, end)`` of the text, quotes or braces aside; a lone prop has an empty one."""

    start: int
    end: int
    braced: bool


@dataclass(frozen=True, slots=True)
class Tag:
    """An opening tag that ends before ``end`` of the text; ``alone`` says that it closes itself."""

    name: str
    end: int
    alone: bool
    props: dict[str, Prop]


class Tags:
    """Reads tags of one text, in time that grows with its length: braces that never close are looked for once."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.endless = -1

    def read(self, at: int) -> Tag | None:
        """The tag that opens at ``at``, or None where that is no tag."""
        text = self.text
        named = _NAME.match(text, at)
        if named is None:
            return None
        at, last = named.end(), min(named.end() + LONGEST, len(text))
        props: dict[str, Prop] = {}
        while at < last:
            blanks = _BLANKS.match(text, at, last)
            at = blanks.end() if blanks else at
            if text.startswith(">", at):
                return Tag(named["name"], at + 1, alone=False, props=props)
            if text.startswith("/>", at):
                return Tag(named["name"], at + 2, alone=True, props=props)
            if text.startswith("{", at):
                end = self._braces_end(at, last)
                if end < 0:
                    return None
                at = end
                continue
            prop = _PROP.match(text, at, last)
            if prop is None:
                return None
            at = prop.end()
            start, end = prop.span("value")
            if prop["open"]:
                at = end = self._braces_end(start, last)
                if end < 0:
                    return None
            quoted = prop["value"] is not None and (prop["open"] or prop["value"][0] in "\"'")
            value = (
                Prop(start + bool(quoted), end - bool(quoted), bool(prop["open"]))
                if start >= 0
                else Prop(at, at, False)
            )
            props.setdefault(prop["name"], value)
        return None

    def _braces_end(self, at: int, last: int) -> int:
        """Where the braces that open at ``at`` have closed, -1 if they do not."""
        if at < self.endless:
            return -1
        depth = 0
        for token in _IN_BRACES.finditer(self.text, at, last):
            depth += bool(token["open"]) - bool(token["close"])
            if depth == 0 and token["close"]:
                return token.end()
        self.endless = last
        return -1


def tags_in(texts: Iterable[str]) -> Iterator[tuple[int, re.Match[str]]]:
    """Where components' tags begin, by line; code aside."""
    fence: Fence | None = None
    for index, text in enumerate(texts):
        if fence:
            fence = None if fence.closed_by(text) else fence
        elif not (fence := Fence.opened_by(text)) and "<" in text:
            yield from ((index, tag) for tag in TAG.finditer(text) if tag["name"])


# ---- values

_LITERAL = re.compile(
    r"\s*(?P<raw>String\.raw\s*)?(?P<quote>[\"'`])(?P<text>(?:\\[\s\S]|(?!(?P=quote))[^\\])*+)(?P=quote)\s*"
)
_FRAGMENT = re.compile(r"\s*<(?P<tag>\w*)>(?P<text>[\s\S]*)</(?P=tag)>\s*")
_NUMBER = re.compile(r"\s*-?\d[\d_.,e]*\s*")
_NEWLINE = re.compile(r"(?<!\\)((?:\\\\)*+)\\n")
_ESCAPE = re.compile(
    r"\\(?:u\{([0-9A-Fa-f]{1,6})\}|((?:u[0-9A-Fa-f]{4}){1}(?:\\u[Dd][C-Fc-f][0-9A-Fa-f]{2})?)|x([0-9A-Fa-f]{2})|(.)|$)"
)
_ENTITY = re.compile(r"(?<!`)(?P<ticks>`++).*?(?<!`)(?P=ticks)(?!`)|&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|\w{1,31});")
_ACTIVE = frozenset("*_`[]\\$~|#{}")


def value_of(text: Passage, prop: Prop) -> Passage | None:
    """The text that a prop of ``text`` gives; None for an expression that is no text."""
    whole = text.part(prop.start, prop.end)
    if not prop.braced:
        return _flushed(whole.file, [_decoded(line) for line in whole.lines])
    literal = _LITERAL.fullmatch(whole.text)
    if literal:
        inside = whole.part(*literal.span("text"))
        lines = inside.lines if literal["raw"] else [piece for line in inside.lines for piece in _unescaped(line)]
        return _flushed(whole.file, lines)
    if fragment := _FRAGMENT.fullmatch(whole.text):
        keep = fragment.span("text") if fragment["tag"] in ("", "p", "span", "div") else (0, len(whole.text))
        return _flushed(whole.file, whole.part(*keep).lines)
    return join(whole.file, whole.lines) if _NUMBER.fullmatch(whole.text) else None


def _flushed(file: str, lines: Sequence[Line]) -> Passage:
    """The lines without the indentation that those after the first have in common."""
    rest = [len(line.text) - len(line.text.lstrip(" ")) for line in lines[1:] if line.text.strip()]
    first = [line.dedent(len(line.text)) for line in lines[:1]]
    return join(file, [*first, *(line.dedent(min(rest, default=0)) for line in lines[1:])])


def _unescaped(line: Line) -> list[Line]:
    r"""The lines that a line of a JavaScript text stands for: ``\n`` begins a new one."""
    pieces = []
    while newline := _NEWLINE.search(line.text):
        at = newline.end(1)
        pieces.append(line.head(at))
        line = line.cut(at + 2)
    edits = [
        [(found.start(), found.end(), _character(found)) for found in _ESCAPE.finditer(piece.text)]
        for piece in (*pieces, line)
    ]
    return [piece.replace(each) for piece, each in zip((*pieces, line), edits, strict=True)]


def _character(escape: re.Match[str]) -> str:
    braced, pair, two, plain = escape.groups()
    if plain is not None:
        return {"t": " ", "r": "", "b": "", "f": " ", "v": " ", "0": ""}.get(plain, plain)
    if braced is None and pair is None and two is None:
        return ""
    codes = [braced] if braced else re.findall(r"u(....)", pair) if pair else [two]
    units = b"".join(chr(min(int(code, 16), 0x10FFFF)).encode("utf-16-le", "surrogatepass") for code in codes)
    text = units.decode("utf-16-le", "replace")
    return text if _can_stand(text) else "\ufffd"


def _decoded(line: Line) -> Line:
    """The line of a quoted prop with its entities as the characters they stand for.

    Outside code those that would become markup stay: a Markdown reader shows them as the character alone.
    """
    edits = []
    for found in _ENTITY.finditer(line.text):
        if found["ticks"]:
            inside = re.finditer(r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|\w{1,31});", found[0])
            spans = [
                (found.start() + each.start(), found.start() + each.end(), html.unescape(each[0])) for each in inside
            ]
            edits += [edit for edit in spans if _can_stand(edit[2])]
            continue
        char, after = html.unescape(found[0]), line.text[found.end() :]
        tagged = char == "<" and re.match(r"[A-Za-z/!?]", after)
        again = char == "&" and re.match(r"#?\w+;", after)
        quotes = char == ">" and not line.text[: found.start()].strip()
        if char != found[0] and _can_stand(char) and not (char in _ACTIVE or tagged or again or quotes):
            edits.append((found.start(), found.end(), char))
    return line.replace(edits) if edits else line


def _can_stand(text: str) -> bool:
    """Whether a card can hold a text that was written as an escape."""
    return bool(text) and not any(
        c < " " or "\x7f" <= c < "\xa0" or "\ufdd0" <= c <= "\ufdef" or "\ud800" <= c <= "\udfff" for c in text
    )
