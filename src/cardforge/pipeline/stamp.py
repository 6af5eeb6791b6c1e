"""Stamps GUIDs into sources, for authors who want them there: one comment a card, on the line before it."""

import re
from pathlib import Path

from cardforge.model import Card
from cardforge.pipeline import Reading, Request

_COMMENT = re.compile(r"^(?P<open>\s*(?:<!--|\{/\*)\s*card:)(?P<body>.*?)(?P<close>\s*(?:-->|\*/\})\s*)$")
_ITEM = re.compile(r"^(?P<blank>\s*)")


def stamps(reading: Reading, request: Request) -> tuple[dict[Path, bytes], int, list[Card]]:
    """The sources' new bytes by path, how many cards they stamp, and the cards that have no place for a stamp."""
    files: dict[Path, bytes] = {}
    stamped, left = 0, []
    for deck in reading.collection.decks:
        path = request.cwd / deck.file
        if path.suffix.lower() == ".txt" or not path.is_file():
            left += list(deck.cards)[:1]
            continue
        data = path.read_bytes().decode("utf-8")
        newline = "\r\n" if "\r\n" in data else "\n"
        lines = data.split(newline)
        cards = [card for card in deck.cards if card.head.id is None]
        for card in sorted(cards, key=lambda card: card.head.span.line, reverse=True):
            _stamp(lines, card.head.span.line - 1, reading.collection.identity(card).guid, mdx=path.suffix == ".mdx")
            stamped += 1
        if cards:
            files[path] = newline.join(lines).encode()
    return files, stamped, left


def _stamp(lines: list[str], at: int, guid: str, *, mdx: bool) -> None:
    """Put the GUID into the comment before or after the card's first line, or into one of its own."""
    for near in (at - 1, at + 1):
        if 0 <= near < len(lines) and (comment := _COMMENT.match(lines[near])):
            lines[near] = f"{comment['open']}{comment['body']} id={guid}{comment['close']}"
            return
    blank = _ITEM.match(lines[at])
    indent = blank["blank"] if blank else ""
    lines.insert(at, f"{indent}{{/* card: id={guid} */}}" if mdx else f"{indent}<!-- card: id={guid} -->")
