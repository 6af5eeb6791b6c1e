"""What reading one file gives, in a form that another process or another run can hand over.

An :class:`Entry` is a deck with the findings of its file and all that later stages ask of its cards: what identity
compares and the notes of Anki. Its fields' trees are read back only for whoever asks for them.
"""

from collections.abc import Callable, Mapping
from dataclasses import field
from typing import TYPE_CHECKING

from cardforge.backends import Written
from cardforge.cache.witness import Look
from cardforge.diagnostics import Diagnostic, Span
from cardforge.identity.told import Told
from cardforge.model import Deck
from cardforge.pipeline.discover import Source
from cardforge.profile import Profile
from cardforge.values import dataclass
from cardforge.vocabulary import Vocabulary

if TYPE_CHECKING:
    from cardforge.checks.quality import Opinion


@dataclass(frozen=True, slots=True)
class Job:
    """A file to read, and the settings that bear on it. ``began`` is when the run did, in nanoseconds since 1970."""

    source: Source
    text: str
    vocabulary: Vocabulary
    language: str
    began: int
    notes: bool = False
    """Whether Anki's notes are asked for."""
    trees: bool = True
    """Whether the trees of the fields are asked for, beside what is made of them while reading."""
    profile: Profile | None = None
    """The measures of the rules of quality, where these are asked."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One file.

    ``findings`` are those of reading, ``checks`` those of the rules over its deck. ``seen`` is what reading saw of
    the file system beside the file: listings of folders and media. ``help`` is what would make cards of a file
    without. ``written`` gives its notes, which may be elsewhere until then; None where nobody asked for them.
    ``opinion`` is that of the rules of quality; None where nobody asked them.
    ``certain`` says that an equal file in an equal place gives the same.
    """

    deck: Deck
    findings: tuple[Diagnostic, ...] = ()
    checks: tuple[Diagnostic, ...] = ()
    told: Mapping[Span, Told] = field(default_factory=dict)
    seen: Mapping[tuple[Look, str], bytes] = field(default_factory=dict)
    help: str = ""
    written: Callable[[], Mapping[Span, Written]] | None = None
    opinion: "Opinion | None" = None
    certain: bool = True
