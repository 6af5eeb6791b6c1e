"""From the text of one file to its deck: the source room cuts, the body room understands, this room joins the two."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from cardforge.body import ImageFinder, read_body
from cardforge.diagnostics import Code, Sink, Span
from cardforge.doc import Block
from cardforge.model import (
    Body,
    Card,
    Deck,
    Flashcard,
    Head,
    Kind,
    Media,
    Scenario,
    Section,
    SelfCheck,
)
from cardforge.passage import Passage, join
from cardforge.source import RawCard, RawFile, RawSection, Vocabulary, read_source
from cardforge.source.labels import VERDICT


@dataclass(frozen=True, slots=True)
class Defaults:
    """What a file's cards take from the project where the file is silent."""

    deck: str = ""
    language: str = "en"


class MediaFinder(ImageFinder, Protocol):
    """Resolves the images of one file and keeps what it found."""

    found: dict[str, Media]


def read_deck(
    file: str, stem: str, text: str, vocabulary: Vocabulary, defaults: Defaults, media: MediaFinder, sink: Sink
) -> Deck:
    """The deck of one source file; ``stem`` is the file's name without its ending."""
    _refuse_control_characters(file, text, sink)
    raw = read_source(file, text, vocabulary, sink)
    front = raw.front_matter
    title = front.title or raw.heading or stem
    name = _deck_name(front.deck or defaults.deck or title)
    reading = _Reading(file, name, raw, media, sink)
    sections = tuple(reading.section(section) for section in raw.sections)
    kept = tuple(section for section in sections if section.cards or section.lead_in)
    return Deck(file, name, title, front.lang or defaults.language, kept, tuple(media.found.values()))


def _deck_name(name: str) -> str:
    return "::".join(part for part in (" ".join(part.split()) for part in name.split("::")) if part) or "Default"


_ALLOWED_CONTROLS = frozenset("\t\n\r\f\v\x85\u2028\u2029")


def _refuse_control_characters(file: str, text: str, sink: Sink) -> None:
    """Report the first character a card cannot hold: Anki refuses whole packages for some, drops others in silence."""
    for number, line in enumerate(text.splitlines(), 1):
        for column, char in enumerate(line, 1):
            refused = (
                char < " " or "\x7f" <= char < "\xa0" or "\ufdd0" <= char <= "\ufdef" or "\ud800" <= char <= "\udfff"
            )
            if refused and char not in _ALLOWED_CONTROLS:
                sink.add(
                    Code.FORBIDDEN_CHARACTER,
                    Span(file, number, column, number, column + 1),
                    f"The character U+{ord(char):04X} cannot stand in a card.",
                    "Delete it; it is invisible in most editors.",
                )
                return


@dataclass(frozen=True, slots=True)
class _Reading:
    file: str
    deck: str
    raw: RawFile
    media: MediaFinder
    sink: Sink

    def section(self, raw: RawSection) -> Section:
        lead_in: tuple[Block, ...] = self._body(raw.lead_in).blocks if raw.lead_in else ()
        cards = tuple(card for item in raw.cards if (card := self._card(item, raw)) is not None)
        return Section(raw.kind, raw.title, lead_in, cards, raw.heading)

    def _body(self, passage: Passage) -> Body:
        return read_body(passage, self.media, self.sink)

    def _card(self, raw: RawCard, section: RawSection) -> Card | None:
        asked, answered = bool(raw.question), bool(raw.answer)
        place = raw.question.span() if asked else raw.answer.span() if answered else Span(self.file)
        if not asked:
            hint = "Write the question before the answer, or take the answer out."
            self.sink.add(Code.MISSING_QUESTION, place, "This answer has no question.", hint)
        if asked and not answered:
            hint = "Write the answer after the question, or take the question out."
            self.sink.add(Code.MISSING_ANSWER, place, "This question has no answer.", hint)
        if not (asked and answered):
            return None
        head = self._head(raw, section, place)
        make = _MAKERS[raw.kind]
        return make(self, raw, head)

    def _head(self, raw: RawCard, section: RawSection, span: Span) -> Head:
        told, front = raw.attributes, self.raw.front_matter
        return Head(
            span=span,
            deck=_deck_name(told.deck) if told.deck else self.deck,
            tags=tuple(sorted({*front.tags, *told.tags})),
            id=told.id,
            source=told.source or front.source,
            section=section.title,
            number=raw.number,
        )

    def hint(self, raw: RawCard) -> Body | None:
        return self._body(raw.hint) if raw.hint else None

    def flashcard(self, raw: RawCard, head: Head) -> Card:
        kinds = raw.attributes.type
        question, answer = self._body(raw.question), self._body(raw.answer)
        return Flashcard(head, question, answer, self.hint(raw), "reversed" in kinds, "typed" in kinds)

    def self_check(self, raw: RawCard, head: Head) -> Card:
        if raw.attributes.type and raw.attributes.type != ("basic",):
            return self.flashcard(raw, head)
        return SelfCheck(head, self._body(raw.question), self._body(raw.answer), self.hint(raw))

    def scenario(self, raw: RawCard, head: Head) -> Card:
        verdict, reasoning = _verdict(raw.answer)
        prompt = self._body(raw.prompt) if raw.prompt else Body("", ())
        return Scenario(head, self._body(raw.question), prompt, verdict, self._body(reasoning), self.hint(raw))


_MAKERS: dict[Kind, Callable[[_Reading, RawCard, Head], Card]] = {
    Kind.FLASHCARD: _Reading.flashcard,
    Kind.SELF_CHECK: _Reading.self_check,
    Kind.SCENARIO: _Reading.scenario,
}


def _verdict(answer: Passage) -> tuple[str, Passage]:
    """The verdict an answer opens with, or "", and the reasoning after it."""
    match = VERDICT.match(answer.text)
    if match is None:
        return "", answer
    verdict = match["verdict"].capitalize()
    if match["comma"]:
        return verdict, answer
    return verdict, join(answer.file, answer.part(match.end(), len(answer.text)).lines)
