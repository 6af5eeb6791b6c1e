"""Card attributes: ``<!-- card: id=goodhart tags=a,b deck=X::Y type=reversed source=https://… -->``."""

import difflib
import re
from collections.abc import Mapping

from cardforge.diagnostics import Code, Sink
from cardforge.passage import Passage
from cardforge.values import dataclass

KEYS = ("id", "tags", "deck", "source", "type")
TYPES = ("basic", "reversed", "typed")

_CARD = re.compile(r"^\s*(?:<!--|\{/\*)\s*card:(?P<body>.*?)(?:-->|\*/\})\s*$", re.DOTALL)
_PAIR = re.compile(r"(?P<key>[\w-]+)=(?:\"(?P<quoted>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>\S*))|(?P<stray>\S+)")
_ID = re.compile(r"[^\s\"'<>]{1,200}")

_NEARLY = re.compile(
    rf"\s*(?:<!--|\{{/\*)\s*cards?\b\s*+:?[^\n=]*\b(?:{'|'.join(KEYS)})\s*=|\s*(?:<!--|\{{/\*)\s*cards?\s*:",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Attributes:
    """What an attribute comment says about one card; empty where it is silent."""

    id: str | None = None
    tags: tuple[str, ...] = ()
    deck: str = ""
    source: str = ""
    type: tuple[str, ...] = ()


def card_comment(comment: Passage | None) -> re.Match[str] | None:
    """The words of a comment that speaks about a card, or None."""
    return None if comment is None else _CARD.match(comment.text)


def report_near_miss(comment: Passage, sink: Sink) -> None:
    """Report a comment that was meant to speak about a card, and is not written so that it does."""
    if _NEARLY.match(comment.text) and not card_comment(comment):
        told = "This comment looks like a card's attributes, and is not read as such."
        sink.add(Code.BAD_ATTRIBUTE, comment.span(), told, "Write <!-- card: key=value -->, in small letters.")


def read_attributes(comment: Passage, sink: Sink) -> Attributes:
    """The attributes of a card comment; whatever it says wrong is reported and left out."""
    match = card_comment(comment)
    if match is None:
        return Attributes()
    found: dict[str, str] = {}
    for pair in _PAIR.finditer(comment.text, match.start("body"), match.end("body")):
        if pair["stray"]:
            hint = "Attributes are key=value; put quotes around a value with blanks."
            span = comment.span(pair.start(), pair.end())
            sink.add(Code.BAD_ATTRIBUTE, span, f"{pair['stray']} is no attribute.", hint)
            continue
        key, value = pair["key"], pair["quoted"] or pair["single"] or pair["bare"] or ""
        wrong = _wrong(key, value, found)
        if wrong:
            sink.add(Code.BAD_ATTRIBUTE, comment.span(pair.start(), pair.end()), *wrong)
        else:
            found[key] = value
    return Attributes(
        id=found.get("id"),
        tags=_split(found.get("tags", "")),
        deck=found.get("deck", ""),
        source=found.get("source", ""),
        type=_split(found.get("type", "")),
    )


def _wrong(key: str, value: str, found: Mapping[str, str]) -> tuple[str, str] | None:
    """What is wrong with an attribute and what to do, beside those that were found before it."""
    if key not in KEYS:
        near = difflib.get_close_matches(key, KEYS, 1)
        known = f"Did you mean {near[0]}?" if near else f"Known are {', '.join(KEYS)}."
        return f"A card has no attribute {key}.", known
    if key in found:
        return f"The attribute {key} is given twice.", "Keep one of them."
    if not value:
        return f"The attribute {key} has no value.", f"Write {key}=… or leave it out."
    if key == "id" and not _ID.fullmatch(value):
        return f"{value!r} cannot be an id.", "Use up to 200 letters, digits, - and _, without blanks."
    if key == "deck" and not all(part.strip() for part in value.split("::")):
        return f"The deck {value} has an empty part.", "Write Parent::Child."
    if key == "type" and (wrong := [t for t in _split(value) if t not in TYPES]):
        return f"No card is of type {wrong[0]}.", f"Known are {', '.join(TYPES)}."
    return None


def _split(value: str) -> tuple[str, ...]:
    return tuple("_".join(part.split()) for part in value.split(",") if part.strip())
