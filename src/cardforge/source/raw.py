"""What the source room hands on: cards as passages of the file, not yet understood as documents."""

from collections.abc import Mapping
from dataclasses import field

from cardforge.model import Kind
from cardforge.passage import Passage
from cardforge.source.attributes import Attributes
from cardforge.source.front_matter import FrontMatter
from cardforge.values import dataclass


@dataclass(frozen=True, slots=True)
class RawOption:
    """What one may choose, without its letter and its box."""

    text: Passage
    correct: bool


@dataclass(frozen=True, slots=True)
class RawCard:
    """One card. For a scenario ``question`` is its situation and ``prompt`` may be None.

    For a cloze ``question`` is its text, in which ``brackets`` may be gaps, and ``answer`` its extra, which may be
    empty.
    For a choice ``answer`` is the explanation and may be empty; ``unknown`` is what its answer names and no option is.
    ``component`` is the name of the component that is the card.
    """

    kind: Kind
    question: Passage
    answer: Passage
    prompt: Passage | None = None
    hint: Passage | None = None
    number: str = ""
    attributes: Attributes = field(default_factory=Attributes)
    options: tuple[RawOption, ...] = ()
    unknown: Passage | None = None
    brackets: bool = False
    component: Passage | None = None

    def told(self, question: Passage, answer: Passage, attributes: Attributes) -> "RawCard":
        """The card with what its comment says, and without that comment in its texts."""
        return RawCard(
            self.kind,
            question,
            answer,
            self.prompt,
            self.hint,
            self.number,
            attributes,
            self.options,
            self.unknown,
            self.brackets,
            self.component,
        )


@dataclass(frozen=True, slots=True)
class RawSection:
    """A heading's cards and the text before the first of them."""

    kind: Kind | None
    title: str
    lead_in: Passage
    cards: tuple[RawCard, ...]
    heading: str = ""


@dataclass(frozen=True, slots=True)
class RawFile:
    """One source file. ``heading`` is its first H1, or ""; with ``highlight`` its clozes take ``==words==`` for gaps.

    ``definitions`` are the targets of links and the footnotes it defines, by label.
    """

    front_matter: FrontMatter
    heading: str
    sections: tuple[RawSection, ...]
    highlight: bool = False
    definitions: Mapping[str, Passage] = field(default_factory=dict)
