"""From the text of one file to its deck: the source room cuts, the body room understands, this room joins the two."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from cardforge.body import ImageFinder, Notation, holds_gaps, read_body
from cardforge.diagnostics import Code, Sink, Span
from cardforge.doc import Block, gaps_in
from cardforge.model import (
    Body,
    Card,
    Choice,
    Cloze,
    Deck,
    Flashcard,
    Head,
    Kind,
    Media,
    Option,
    Scenario,
    Section,
    SelfCheck,
)
from cardforge.passage import Line, Passage, join, split_lines
from cardforge.source import RawCard, RawFile, RawSection, Vocabulary, read_source
from cardforge.source.labels import VERDICT
from cardforge.values import dataclass


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
    title = front.title or raw.heading or front.deck.rpartition("::")[2].strip() or stem
    name = _deck_name(front.deck or defaults.deck or title)
    reading = _Reading(file, name, raw, media, sink)
    sections = tuple(reading.section(section) for section in raw.sections)
    kept = tuple(section for section in sections if section.cards or section.lead_in)
    return Deck(file, name, title, front.lang or defaults.language, kept, tuple(media.found.values()))


def _deck_name(name: str) -> str:
    return "::".join(part for part in (" ".join(part.split()) for part in name.split("::")) if part) or "Default"


# Control characters but for blanks and line ends, what Unicode keeps for programs' own use, lone surrogates.
_FORBIDDEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufdd0-\ufdef\ud800-\udfff]")


def _refuse_control_characters(file: str, text: str, sink: Sink) -> None:
    """Report the first character a card cannot hold: Anki refuses whole packages for some, drops others in silence."""
    found = _FORBIDDEN.search(text)
    if found is None:
        return
    *before, last = split_lines(text[: found.end()])
    number, column = len(before) + 1, len(last)
    sink.add(
        Code.FORBIDDEN_CHARACTER,
        Span(file, number, column, number, column + 1),
        f"The character U+{ord(found[0]):04X} cannot stand in a card.",
        "Delete it; it is invisible in most editors.",
    )


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

    def _body(self, passage: Passage, gaps: Notation = Notation.NONE) -> Body:
        return read_body(passage, self.media, self.sink, gaps, self.raw.definitions)

    def _card(self, raw: RawCard, section: RawSection) -> Card | None:
        raw = _with_gaps(raw)
        asked, answered = bool(raw.question), bool(raw.answer) or raw.kind in (Kind.CLOZE, Kind.CHOICE)
        place = raw.question.span() if asked else raw.answer.span() if answered else Span(self.file)
        told = f"<{raw.component.text}>" if raw.component else ""
        named = raw.component.span() if raw.component else place
        if raw.hint and not raw.component and not (asked and answered):
            # What the finding is about covers all that no card will show.
            ends = (place, raw.hint.span())
            named = Span(
                self.file, *min((s.line, s.column) for s in ends), *max((s.end_line, s.end_column) for s in ends)
            )
        if not asked:
            hint = "Write the question before the answer, or take the answer out."
            hint = f'Give {told} a text in question="…", or a <Question> inside.' if told else hint
            self.sink.add(Code.MISSING_QUESTION, named, f"This {told or 'answer'} has no question.", hint)
        if asked and not answered:
            hint = "Write the answer after the question, or take the question out."
            hint = f'Write the answer inside {told}, or in answer="…".' if told else hint
            self.sink.add(Code.MISSING_ANSWER, named, f"This {told or 'question'} has no answer.", hint)
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

    def cloze(self, raw: RawCard, head: Head) -> Card:
        gaps = Notation.BRACES
        gaps |= Notation.BRACKETS if raw.brackets else Notation.NONE
        gaps |= Notation.HIGHLIGHT if self.raw.highlight else Notation.NONE
        if {"reversed", "typed"} & set(raw.attributes.type):
            told = "A card with gaps is neither reversed nor typed: its gaps are what it asks."
            self.sink.add(Code.BAD_ATTRIBUTE, head.span, told, "Take type=… out of its attributes.")
        before = len(self.sink.found)
        text = self._body(raw.question, gaps)
        if not any(gaps_in(text.blocks)) and len(self.sink.found) == before:
            told = "Nothing is hidden in this cloze: its marks stand where they mean something else."
            self.sink.add(Code.BAD_CLOZE, head.span, told, "Write {{c1::words}} around what is to be hidden.")
        return Cloze(head, text, self._body(raw.answer), self.hint(raw))

    def choice(self, raw: RawCard, head: Head) -> Card | None:
        if raw.unknown:
            told = f"The answer names {raw.unknown.text}, and no option has that letter."
            self.sink.add(Code.NO_RIGHT_OPTION, raw.unknown.span(), told, "Name one of the options, or add the option.")
            return None
        if not any(option.correct for option in raw.options):
            hint = "Put an x into the box of every right option, or name its letter in an answer below them."
            last = max((option.text.span() for option in raw.options if option.text), default=head.span)
            whole = replace(head.span, end_line=last.end_line, end_column=last.end_column)
            self.sink.add(Code.NO_RIGHT_OPTION, whole, "None of this question's options is right.", hint)
            return None
        if raw.attributes.type and raw.attributes.type != ("basic",):
            told = "A multiple choice is neither reversed nor typed."
            self.sink.add(Code.BAD_ATTRIBUTE, head.span, told, "Take type=… out of its attributes.")
        options = tuple(Option(self._body(option.text), option.correct) for option in raw.options)
        explanation = self._body(raw.answer) if raw.answer else Body("", ())
        return Choice(head, self._body(raw.question), options, explanation, self.hint(raw))


_MAKERS: dict[Kind, Callable[[_Reading, RawCard, Head], Card | None]] = {
    Kind.FLASHCARD: _Reading.flashcard,
    Kind.SELF_CHECK: _Reading.self_check,
    Kind.SCENARIO: _Reading.scenario,
    Kind.CLOZE: _Reading.cloze,
    Kind.CHOICE: _Reading.choice,
}


def _with_gaps(raw: RawCard) -> RawCard:
    """A question and its answer as a cloze if one of them has gaps; an answer that has them is a part of the text."""
    if raw.kind not in (Kind.FLASHCARD, Kind.SELF_CHECK):
        return raw
    if holds_gaps(raw.answer.text) and raw.question:
        between = Line("", raw.answer.lines[0].number)
        text = Passage(raw.question.file, (*raw.question.lines, between, *raw.answer.lines))
        return replace(raw, kind=Kind.CLOZE, question=text, answer=Passage(text.file, ()))
    return replace(raw, kind=Kind.CLOZE) if holds_gaps(raw.question.text) else raw


def _verdict(answer: Passage) -> tuple[str, Passage]:
    """The verdict an answer opens with, or "", and the reasoning after it."""
    match = VERDICT.match(answer.text)
    if match is None:
        return "", answer
    verdict = match["verdict"].capitalize()
    if match["comma"]:
        return verdict, answer
    return verdict, join(answer.file, answer.part(match.end(), len(answer.text)).lines)
