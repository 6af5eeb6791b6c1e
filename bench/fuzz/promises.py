"""What holds for every input: it is read, soon, every finding has a place in it, and no word is dropped in silence."""

import re
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from cardforge.backends import Context
from cardforge.backends.targets import TARGETS
from cardforge.checks import bodies_of, check
from cardforge.cli.listing import as_json, as_text
from cardforge.cli.report import Format, Frame, write_findings
from cardforge.config import Settings
from cardforge.diagnostics import Diagnostic, Sink, Span
from cardforge.doc import Gap, plain_text, walk
from cardforge.identity import assign
from cardforge.model import Collection, Deck, Media
from cardforge.passage import split_lines
from cardforge.pipeline import read_one
from cardforge.pipeline.discover import Source
from cardforge.pipeline.texts import Texts, read_text
from cardforge.profile import Profile
from cardforge.vocabulary import Vocabulary

WORD: Final = re.compile(r"w\d+w")
_HEADING: Final = re.compile(r"^[ >\d.-]*#{1,6} .*$", re.MULTILINE)
NOWHERE: Final = Path("/nonexistent-cardforge")
_SOURCE: Final = Source("case.md", None, NOWHERE, named=True, in_project=False)
_CLOCK: Final = 1_760_000_000
PLAIN: Final = Settings(None)
RICH: Final = Settings(None, vocabulary=Vocabulary(heading_level=4, notes=True, highlight=True))
"""Settings with everything on that reads more shapes."""


def read(data: bytes, settings: Settings = PLAIN) -> tuple[Deck | None, Sink, Texts]:
    """The deck of a file's bytes as a build reads it, what was found, and the texts that excerpts come from."""
    sink, texts = Sink(), Texts()
    text = read_text(_SOURCE, data, texts, sink)
    if text is None:
        return None, sink, texts
    deck = read_one(_SOURCE, text, settings, sink)
    check([deck], sink, Profile())
    return deck, sink, texts


def collection_of(deck: Deck, sink: Sink) -> Collection:
    """The collection of one deck, its cards with their identities."""
    identities = assign(deck.cards, namespace="fuzz", clock=_CLOCK, sink=sink)
    return Collection(deck.title, deck.language, (deck,), identities)


def look(data: bytes, settings: Settings = PLAIN, *, targets: bool = False) -> list[str]:
    """Everything wrong with what becomes of a file: broken promises in words, exceptions as they come.

    With ``targets`` the products are made as well, where no error forbids them.
    """
    deck, sink, texts = read(data, settings)
    wrong = [] if deck is None else misplaced(deck, sink, texts["case.md"])
    for how in Format:
        write_findings(list(sink), how, Frame(texts)).encode()
    if deck is None or sink.has_errors:
        return wrong
    collection = collection_of(deck, sink)
    as_json(collection), as_text(collection)
    for name in TARGETS if targets else ():
        told = Sink()
        if not TARGETS[name].load()(collection, Context(_CLOCK, _nothing, told)):
            wrong.append(f"the {name} back end made nothing")
        wrong += _misplaced((each.span for each in told), texts["case.md"])
    return wrong


def _nothing(media: Media) -> bytes:
    raise AssertionError(media)  # there is no file beside the source


def misplaced(deck: Deck, sink: Iterable[Diagnostic], text: str) -> list[str]:
    """The places of cards and findings that do not lie in the file."""
    return _misplaced([*(each.span for each in sink), *(card.head.span for card in deck.cards)], text)


def _misplaced(spans: Iterable[Span], text: str) -> list[str]:
    lines = split_lines(text)
    return [f"{span} lies outside of the file" for span in spans if span.line and not _inside(span, lines)]


def _inside(span: Span, lines: Sequence[str]) -> bool:
    if not 1 <= span.line <= span.end_line <= max(len(lines), 1):
        return False
    first, last = (lines[number - 1] if lines else "" for number in (span.line, span.end_line))
    in_line = 1 <= span.column <= len(first) + 1 and 1 <= span.end_column <= len(last) + 1
    return in_line and (span.line, span.column) <= (span.end_line, span.end_column)


def lost(parts: Sequence[str], settings: Settings = PLAIN) -> list[str]:
    """The numbered words of a card section that are in no card, lead-in or title, and in no block a finding names.

    Headings are heard: each names what follows it.
    """
    text = "".join(parts)
    deck, sink, _ = read(text.encode(), settings)
    if deck is None:
        return []
    heard = set[str]()
    for section in deck.sections:
        heard |= set(WORD.findall(f"{section.title} {section.heading} {plain_text(section.lead_in)}"))
        for card in section.cards:
            for body in bodies_of(card):
                hints = " ".join(node.hint for node in walk(body.blocks) if isinstance(node, Gap))
                heard |= set(WORD.findall(f"{plain_text(body.blocks)} {hints}"))
    named = {line for each in sink for line in range(each.span.line, each.span.end_line + 1)}
    before = ""
    for part in parts:
        first = len(split_lines(before + "x"))
        before += part
        if named & set(range(first, len(split_lines(before)) + 1)):
            heard |= set(WORD.findall(part))
        heard |= {word for line in _HEADING.findall(part) for word in WORD.findall(line)}
    return [word for word in WORD.findall(text) if word not in heard]


_FREE: Final = 0.5
_A_CHARACTER: Final = 1e-4


def slow(data: bytes, settings: Settings = PLAIN) -> float:
    """How many times longer than allowed a file takes to read; at most 1 is well.

    Allowed are half a second and 0.1 ms a byte of this process's own time, the best of three where it looks like more.
    """
    allowed = _FREE + _A_CHARACTER * len(data)
    taken = allowed + 1
    for _ in range(3):
        start = time.process_time()
        read(data, settings)
        taken = min(taken, time.process_time() - start)
        if taken <= allowed:
            break
    return taken / allowed
