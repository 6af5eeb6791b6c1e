"""What the source room hands on: cards as passages of the file, not yet understood as documents."""

from dataclasses import dataclass, field

from cardforge.model import Kind
from cardforge.passage import Passage
from cardforge.source.attributes import Attributes
from cardforge.source.front_matter import FrontMatter


@dataclass(frozen=True, slots=True)
class RawCard:
    """One card. For a scenario ``question`` is its situation and ``prompt`` may be None."""

    kind: Kind
    question: Passage
    answer: Passage
    prompt: Passage | None = None
    hint: Passage | None = None
    number: str = ""
    attributes: Attributes = field(default_factory=Attributes)


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
    """One source file. ``heading`` is its first H1, or ""."""

    front_matter: FrontMatter
    heading: str
    sections: tuple[RawSection, ...]
