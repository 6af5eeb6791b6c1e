"""Stamps GUIDs into sources, for authors who want them there: one comment a card, where its shape has a place for one.

A stamp is an edit of somebody's text, so each is tried first: the file with it has to be read as the same cards, this
one under its GUID. A card that has no such place keeps its GUID in the lock alone.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path

from cardforge.diagnostics import Sink
from cardforge.identity.content import content_of
from cardforge.model import Card, Deck
from cardforge.pipeline import Reading, Request, read_one
from cardforge.pipeline.discover import Source
from cardforge.pipeline.write import behind

_COMMENT = re.compile(r"^(?P<open>\s*(?:<!--|\{/\*)\s*card:)(?P<body>.*?)(?P<close>\s*(?:-->|\*/\})\s*)$", re.DOTALL)
_LAST_LINE = re.compile(r"^(?P<open>)(?P<body>[^<{]*?)(?P<close>\s*(?:-->|\*/\})\s*)$", re.DOTALL)
_AFTER_LINE = re.compile(r"(?<=\n)|(?<=\r)(?!\n)")
_ID = re.compile(r"\bid=")
_FOLD = re.compile(r"^\s*<details\b", re.IGNORECASE)


def stamps(reading: Reading, request: Request) -> tuple[dict[Path, bytes], set[str], list[Card]]:
    """The sources' new bytes by path, the GUIDs they carry now, and the cards that have no place for a stamp."""
    files: dict[Path, bytes] = {}
    stamped: set[str] = set()
    left: list[Card] = []
    for deck in reading.collection.decks:
        path = request.cwd / deck.file
        cards = [card for card in deck.cards if card.head.id is None]
        if not cards:
            continue
        if not path.is_file():
            left += cards
            continue
        page = _Page(
            deck, path, request, {card.head.span.line: reading.collection.identity(card).guid for card in cards}
        )
        page.stamp([card.head.span.line for card in cards])
        stamped |= {page.guids[line] for line in page.places}
        left += [card for card in cards if card.head.span.line not in page.places]
        if page.places:
            files[behind(path)] = page.text(page.places).encode()
    return files, stamped, left


@dataclass(slots=True)
class _Page:
    """A source while it is stamped: ``guids`` by the line of their card, ``places`` the lines of those that fit."""

    deck: Deck
    path: Path
    request: Request
    guids: Mapping[int, str]
    lines: Sequence[str] = ()
    places: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        text = self.path.read_bytes().decode("utf-8")
        self.lines = [line for line in _AFTER_LINE.split(text) if line]

    def stamp(self, cards: list[int]) -> None:
        """Find a place for each card. They are tried all at once, and in halves where that fails."""
        tried = self.places | {card: self._near(card)[0] for card in cards}
        if self._holds(tried):
            self.places = tried
        elif len(cards) > 1:
            self.stamp(cards[: len(cards) // 2])
            self.stamp(cards[len(cards) // 2 :])
        else:
            for place in self._near(cards[0])[1:]:
                if self._holds(self.places | {cards[0]: place}):
                    self.places[cards[0]] = place
                    return

    def _near(self, card: int) -> list[int]:
        """Where a card's stamp may go, the likeliest first: a line before which it is put, or a comment it joins."""
        at = card - 1
        joined = [near for near in (at - 1, at + 1) if self._joins(near)]
        fold = next((near for near in range(at, max(at - 3, -1), -1) if _FOLD.match(self.lines[near])), at)
        return list(dict.fromkeys([*joined, fold, at, at + 1]))

    def _joins(self, at: int) -> bool:
        comment = _comment(self.lines[at]) if 0 <= at < len(self.lines) else None
        return comment is not None and not _ID.search(comment["body"])

    def text(self, places: Mapping[int, int]) -> str:
        """The text with stamps at these places."""
        lines = list(self.lines)
        for card, at in sorted(places.items(), key=lambda place: (place[1], place[0]), reverse=True):
            attribute = f"id={self.guids[card]}"
            comment = _comment(lines[at]) if self._joins(at) else None
            if comment:
                close = comment["close"] if comment["close"][0].isspace() else f" {comment['close']}"
                lines[at] = f"{comment['open']}{comment['body']} {attribute}{close}".removeprefix(" ")
                continue
            line = lines[at] if at < len(lines) else ""
            mark = "\ufeff" if at == 0 and line.startswith("\ufeff") else ""
            line = line.removeprefix(mark)
            indent = line[: len(line) - len(line.lstrip(" \t"))]
            end = next((found for found in (_end_of(line), _end_of(lines[0])) if found), "\n")
            told = (
                f"{{/* card: {attribute} */}}" if self.path.suffix.lower() == ".mdx" else f"<!-- card: {attribute} -->"
            )
            before = "" if at == 0 or _end_of(lines[at - 1]) else end
            lines[at : at + 1] = [f"{mark}{before}{indent}{told}{end}", line]
        return "".join(lines)

    def _holds(self, places: Mapping[int, int]) -> bool:
        """Whether the stamped text is read as the same cards, under the GUIDs where there are stamps."""
        folder = self.request.settings.root
        inside = folder is not None and self.path.is_relative_to(folder)
        source = Source(self.deck.file, self.path, folder if inside and folder else self.path.parent, True, inside)
        sink = Sink()
        text = self.text(places).removeprefix("\ufeff")
        deck = read_one(source, text, self.request.settings, sink)
        if sink.has_errors or deck.name != self.deck.name:
            return False
        return all(
            card is not None
            and other is not None
            and content_of(card) == content_of(other)
            and card.head.deck == other.head.deck
            and other.head.id == (self.guids[card.head.span.line] if card.head.span.line in places else card.head.id)
            for card, other in zip_longest(self.deck.cards, deck.cards)
        )


def _comment(line: str) -> re.Match[str] | None:
    """A comment about a card, or the last line of what may be one."""
    return _COMMENT.match(line) or _LAST_LINE.match(line)


def _end_of(line: str) -> str:
    return line[len(line.rstrip("\r\n")) :]
