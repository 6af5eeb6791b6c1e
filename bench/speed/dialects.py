"""The same cards as a project of cardforge and as two peers want them written."""

import struct
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final, assert_never

from bench.speed.corpus import Code, Draft, Formula, Items, Part, Picture, Prose, Table, draft

EACH: Final = 50
"""Cards in a file: a file is a chapter, a chapter is a deck."""
_CHAPTERS: Final = 20
_FOLDS_FROM: Final = 35
_SLASHED: Final = (r"\(", r"\)", r"\[", r"\]")
_TWICE_SLASHED: Final = (r"\\(", r"\\)", r"\\[", r"\\]")


def chapters(seed: int, cards: int) -> Iterator[list[Draft]]:
    """The cards, a chapter at a time."""
    for first in range(0, cards, EACH):
        yield [draft(seed, number) for number in range(first, min(first + EACH, cards))]


def fields(one: Draft) -> tuple[str, str]:
    """The Markdown of a card's two fields."""
    return one.question, _answer(one.answer, "$", "$", "$$", "$$")


def write(root: Path, dialect: str, seed: int, cards: int) -> None:
    """A new folder with all the cards: ``cards/part-001/chapter-0001/chapter-0001.md`` and so on, pictures beside."""
    text_of = DIALECTS[dialect]
    root.mkdir(parents=True)
    if dialect == "cardforge":
        (root / "cardforge.toml").write_text('name = "deck"\nnamespace = "bench"\n', "utf-8")
    for at, drafts in enumerate(chapters(seed, cards)):
        folder = root / "cards" / f"part-{at // _CHAPTERS + 1:03}" / f"chapter-{at + 1:04}"
        (folder / "images").mkdir(parents=True)
        (folder / f"{folder.name}.md").write_text(text_of(at, drafts), "utf-8")
        for one in drafts:
            for part in one.answer:
                if isinstance(part, Picture):
                    (folder / "images" / part.name).write_bytes(picture(one.number))


def picture(number: int) -> bytes:
    """A PNG of 120 by 80 pixels whose stripes tell the number (PNG specification, sections 5 and 11)."""
    wide, high = 120, 80
    palette = bytes((number * 37 + step * 41) % 256 for step in range(48))
    rows = b"".join(
        b"\0" + bytes((column // 9 * number + row // 7 + column * row // 640) % 16 for column in range(wide))
        for row in range(high)
    )
    head = struct.pack(">IIBBBBB", wide, high, 8, 3, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"PLTE", palette), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )


def _cardforge(at: int, drafts: Sequence[Draft]) -> str:
    """Question and answer for the first cards of a chapter, folds for the rest; tags for the file and for each card."""
    part, chapter = at // _CHAPTERS + 1, at + 1
    lines = [
        "---",
        f'deck: "Part {part}::Chapter {chapter}"',
        f"title: Chapter {chapter}",
        f"tags: [part-{part}]",
        "---",
        "",
        f"# Chapter {chapter}",
        "",
        "## Flashcards",
        "",
    ]
    for position, one in enumerate(drafts):
        if position == _FOLDS_FROM:
            lines += ["## Self-check", ""]
        lines.append(f"<!-- card: tags={','.join(one.tags)} -->")
        told = _answer(one.answer, "$", "$", "$$", "$$")
        if position < _FOLDS_FROM:
            lines += [f"Q: {one.question}", f"A: {told}", ""]
        else:
            lines += [f"**{position - _FOLDS_FROM + 1}. {one.question.replace('*', '')}**", ""]
            lines += ["<details>", "<summary>Show answer</summary>", "", told, "", "</details>", ""]
    return "\n".join(lines)


def _ankdown(at: int, drafts: Sequence[Draft]) -> str:
    """Fields between ``%``, cards between ``---``; the tags are a third field."""
    del at
    cards = (
        f"{one.question}\n\n%\n\n{_answer(one.answer, *_SLASHED)}\n\n%\n\n{', '.join(one.tags)}\n" for one in drafts
    )
    return "\n---\n\n".join(cards)


def _markdown_anki_decks(at: int, drafts: Sequence[Draft]) -> str:
    """A heading for each question. It has no tags; its Markdown eats one backslash of two, and Anki wants the other."""
    cards = (f"## {one.question}\n\n{_answer(one.answer, *_TWICE_SLASHED)}\n" for one in drafts)
    return f"# Chapter {at + 1}\n\n" + "\n".join(cards)


DIALECTS: Final[dict[str, Callable[[int, Sequence[Draft]], str]]] = {
    "cardforge": _cardforge,
    "ankdown": _ankdown,
    "markdown-anki-decks": _markdown_anki_decks,
}


def _answer(parts: Sequence[Part], opens: str, closes: str, display: str, displayed: str) -> str:
    """The parts as Markdown, with the given marks around formulas."""
    return "\n\n".join(_part(part, opens, closes, display, displayed) for part in parts)


def _part(part: Part, opens: str, closes: str, display: str, displayed: str) -> str:
    match part:
        case Prose(text):
            pieces = text.split("$")
            return "".join(piece + (opens, closes)[at % 2] for at, piece in enumerate(pieces[:-1])) + pieces[-1]
        case Items(lines):
            return "\n".join(lines)
        case Code(language, text):
            return f"```{language}\n{text}\n```"
        case Formula(tex):
            return f"{display}\n{tex}\n{displayed}"
        case Table(rows):
            head, *body = (f"| {' | '.join(row)} |" for row in rows)
            return "\n".join([head, "|" + "---|" * len(rows[0]), *body])
        case Picture(name, alt):
            return f"![{alt}](images/{name})"
        case _:
            assert_never(part)
