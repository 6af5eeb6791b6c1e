"""Shape 12: the syntax of notes apps, where the author switched it on: ``question::answer``, ``?`` lines, callouts.

What these apps write and Markdown does not know is rewritten first, line by line; code and math stay as they are.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from cardforge.model import Kind
from cardforge.passage import Line, Passage, join
from cardforge.source.block import BlockKind, RawBlock
from cardforge.source.fields import passage
from cardforge.source.labels import is_answer_label
from cardforge.source.marks import Fence
from cardforge.source.raw import RawCard
from cardforge.source.view import Claim, View, kind_in
from cardforge.values import dataclass
from cardforge.vocabulary import Vocabulary

_OPAQUE = (
    r"(?<!`)(?P<ticks>`++).*?(?<!`)(?P=ticks)(?!`)|\$\$[^$\n]+\$\$|\$(?=\S)[^$\n]+(?<=\S)\$(?!\d)"
    r"|\{\{.*?\}\}|<!--.*?-->"
)
_TOKEN = re.compile(
    rf"{_OPAQUE}|(?P<comment>%%)|!\[\[(?P<embed>[^\[\]|\n]+)(?:\|(?P<size>[^\[\]\n]*))?\]\]"
    r"|\[\[(?P<page>[^\[\]|\n]+)(?:\|(?P<shown>[^\[\]\n]+))?\]\]"
    r"|(?P<id>(?:^|(?<=\s))\^[A-Za-z0-9-]+\s*$)|(?:^|(?<=\s))#flashcards(?P<deck>(?:/[\w/-]+)?)(?=\s|$)\s*"
)
_SEPARATOR = re.compile(rf"{_OPAQUE}|(?<!:)(?P<colons>:::?)(?!:)")
_LINE = re.compile(r"\s*(?P<mark>\?\??)\s*")
_CALLOUT = re.compile(r"\[!(?P<type>[\w-]+)\][-+]?[ \t]*(?P<title>[^\n]*)", re.IGNORECASE)
_ASKING = frozenset("question faq help flashcard card quiz".split())
_TAG = re.compile(r"(?:^|\s)#flashcards(?:/[\w/-]+)?(?=\s|$)")
_SOUNDS = re.compile(r".*\.(?:png|jpe?g|gif|webp|svg|bmp|avif|mp3|wav|ogg|m4a|flac)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Notes:
    """The lines with a notes app's syntax rewritten, and the decks that tags give: to a line alone, or from it on."""

    lines: tuple[Line, ...]
    decks: tuple[tuple[int, str, bool], ...]

    def deck_at(self, line: int) -> str:
        """The deck that tags give to a card on a line, or ""."""
        mine = next((deck for at, deck, alone in self.decks if at == line and not alone), "")
        above = [deck for at, deck, alone in self.decks if alone and at < line]
        return mine or (above[-1] if above else "")


def are_notes(lines: Sequence[Line], tags: Sequence[str], vocabulary: Vocabulary) -> bool:
    """Whether a file uses a notes app's syntax: by setting, or by the tag these apps look for."""
    tagged = any(tag.lstrip("#").split("/")[0] == "flashcards" for tag in tags)
    if vocabulary.notes or tagged:
        return True
    named = any("#flashcards" in line.text for line in lines)
    return named and any(_TAG.search(line.text) for line in _outside_code(lines))


def _outside_code(lines: Sequence[Line]) -> list[Line]:
    fence: Fence | None = None
    kept = []
    for line in lines:
        if fence:
            fence = None if fence.closed_by(line.text) else fence
        elif not (fence := Fence.opened_by(line.text)) and "#" in line.text:
            kept.append(line)
    return kept


def rewritten(lines: Sequence[Line]) -> Notes:
    """Embeds as images, links as their text; comments, block ids and tags left out."""
    out: list[Line] = []
    decks: list[tuple[int, str, bool]] = []
    fence: Fence | None = None
    commented = False
    for line in lines:
        if fence:
            fence = None if fence.closed_by(line.text) else fence
            out.append(line)
            continue
        if not commented and (fence := Fence.opened_by(line.text)):
            out.append(line)
            continue
        edits: list[tuple[int, int, str]] = []
        at = 0
        while True:
            if commented:
                end = line.text.find("%%", at)
                edits.append((at, len(line.text) if end < 0 else end + 2, ""))
                if end < 0:
                    break
                at, commented = end + 2, False
            token = _TOKEN.search(line.text, at)
            if token is None:
                break
            start, at = token.span()
            if token["comment"]:
                closed = line.text.find("%%", at)
                at, commented = (len(line.text), True) if closed < 0 else (closed + 2, False)
                edits.append((start, at, ""))
                if commented:
                    break
                continue
            new = _new(token)
            if new is not None:
                edits.append((start, at, new))
            if token["deck"] is not None:
                alone = not (line.text[:start] + line.text[at:]).strip()
                decks.append((line.number, token["deck"].strip("/").replace("/", "::"), alone))
        out.append(line.replace(edits) if edits else line)
    return Notes(tuple(out), tuple(decks))


def _new(token: re.Match[str]) -> str | None:
    if token["embed"]:
        target, size = token["embed"].strip().partition("#")[0], (token["size"] or "").strip()
        if not _SOUNDS.fullmatch(target):
            return token["size"] or token["embed"]
        width = re.fullmatch(r"(\d{1,5})(?:x\d{1,5})?", size)
        if not width:
            return f"![{size}](<{target}>)"
        quoted = target.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
        return f'<img src="{quoted}" width="{width[1]}" alt="">'
    if token["page"]:
        return token["shown"] or token["page"].lstrip("#").replace("#", " > ")
    return "" if token["id"] or token["deck"] is not None else None


def split_notes(blocks: Sequence[RawBlock]) -> list[RawBlock]:
    """The blocks with every paragraph, item or table cut around its ``?`` and ``question::answer`` lines."""
    cut: list[RawBlock] = []
    for block in blocks:
        if block.kind not in (BlockKind.PARAGRAPH, BlockKind.ITEM, BlockKind.TABLE):
            cut.append(block)
            continue
        starts = {0}
        for index, line in enumerate(block.lines):
            if _LINE.fullmatch(line.text) or (block.kind is not BlockKind.TABLE and _separator(line.text)):
                starts |= {index, index + 1}
        bounds = [*sorted(starts - {len(block.lines)}), len(block.lines)]
        for start, end in pairwise(bounds):
            if start:
                cut.append(RawBlock(BlockKind.PARAGRAPH, block.lines[start:end], block.indent, loose=False))
            else:
                cut.append(replace(block, lines=block.lines[:end]))
    return cut


def _separator(text: str) -> re.Match[str] | None:
    """The ``::`` or ``:::`` that parts a question from its answer."""
    found = next((each for each in _SEPARATOR.finditer(text) if each["colons"]), None)
    return found if found and text[: found.start()].strip(" -*+>\t") and text[found.end() :].strip() else None


def looks_like_note(block: RawBlock) -> bool:
    """Whether a block would be a card, or hold one, if the syntax of notes apps counted."""
    if block.kind is BlockKind.QUOTE:
        opened = _CALLOUT.match(_unquoted(block.lines[:1])[0].text)
        return opened is not None and opened["type"].lower() in _ASKING
    if block.kind not in (BlockKind.PARAGRAPH, BlockKind.ITEM):
        return False
    inside = block.lines[1:-1]
    return any(_separator(line.text) for line in block.lines) or any(_LINE.fullmatch(line.text) for line in inside)


def note_card(view: View, at: int) -> Claim | None:
    """Shape 12: a line ``question::answer``, a ``?`` line between question and answer, a question callout."""
    block = view.blocks[at]
    if not view.vocabulary.notes:
        return None
    if block.kind is BlockKind.QUOTE:
        return _callout(view, at)
    if block.kind not in (BlockKind.PARAGRAPH, BlockKind.ITEM):
        return None
    if len(block.lines) == 1 and (mark := _LINE.fullmatch(block.text)):
        return _around(view, at, reversed_=mark["mark"] == "??")
    whole = block.inner if block.kind is BlockKind.ITEM and block.inner else Passage(view.file, block.lines)
    found = _separator(whole.text) if len(whole.lines) == 1 else None
    if found is None:
        return None
    question = join(view.file, _trimmed(whole.part(0, found.start())))
    answer = join(view.file, _trimmed(whole.part(found.end(), len(whole.text))))
    return Claim(_card(view, question, answer, reversed_=found["colons"] == ":::"), at, at + 1)


def _trimmed(part: Passage) -> list[Line]:
    line = part.lines[0]
    return [line.head(len(line.text.rstrip())).cut(len(line.text) - len(line.text.lstrip()))]


def _card(view: View, question: Passage, answer: Passage, *, reversed_: bool) -> RawCard:
    card = RawCard(kind_in(view, Kind.FLASHCARD), question, answer)
    return replace(card, attributes=replace(card.attributes, type=("reversed",))) if reversed_ else card


def _around(view: View, at: int, *, reversed_: bool) -> Claim | None:
    """The card of a ``?`` line: what stands right above it, and what follows it up to the next blank line."""
    start = at
    while start > view.floor and not view.blocks[start].loose and view.blocks[start - 1].kind is not BlockKind.HEADING:
        start -= 1
    end = at + 1
    while end < len(view.blocks) and (end == at + 1 or not view.blocks[end].loose):
        if view.blocks[end].kind in (BlockKind.HEADING, BlockKind.RULE) or _LINE.fullmatch(view.blocks[end].text):
            break
        end += 1
    question = passage(view.file, view.blocks[start:at], view.blocks[start].indent)
    answer = passage(view.file, view.blocks[at + 1 : end], view.blocks[start].indent)
    return Claim(_card(view, question, answer, reversed_=reversed_), start, end)


def _callout(view: View, at: int) -> Claim | None:
    """A callout that asks: its title, with what stands before an answer's callout in it, is the question."""
    lines = _unquoted(view.blocks[at].lines)
    opened = _CALLOUT.match(lines[0].text) if lines else None
    if opened is None or opened["type"].lower() not in _ASKING:
        return None
    title = lines[0].cut(opened.start("title"))
    body = lines[1:]
    for index, line in enumerate(body):
        inner = _unquoted([line])[0] if line.text.startswith(">") else None
        nested = _CALLOUT.match(inner.text) if inner else None
        if nested and (is_answer_label(nested["title"] or nested["type"], view.vocabulary)):
            end = next((i for i in range(index, len(body)) if not body[i].text.startswith(">")), len(body))
            question = [title, *([Line("", title.number)] if body[:index] else []), *body[:index]]
            answer = [*_unquoted(body[index + 1 : end]), *body[end:]]
            return Claim(_card(view, join(view.file, question), join(view.file, answer), reversed_=False), at, at + 1)
    if not title.text.strip() or not any(line.text.strip() for line in body):
        return None
    return Claim(_card(view, join(view.file, [title]), join(view.file, body), reversed_=False), at, at + 1)


def _unquoted(lines: Sequence[Line]) -> list[Line]:
    marks = [re.match(r" {0,3}> ?", line.text) for line in lines]
    return [line.cut(mark.end() if mark else 0) for line, mark in zip(lines, marks, strict=True)]
