"""What the program has to say about a source: where, what is wrong, what to do.

User errors are data: every stage adds to a :class:`Sink` and goes on; exceptions are for bugs and broken machines.
"""

from collections.abc import Iterable, Iterator
from dataclasses import field
from enum import Enum, StrEnum
from typing import Final

from cardforge.values import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A range in a file. Lines and columns count from 1, columns in code points; the end is exclusive.

    ``file`` is the name to show: a POSIX path relative to the project, or as the person gave it. Line 0 is the
    file as a whole.
    """

    file: str
    line: int = 0
    column: int = 0
    end_line: int = 0
    end_column: int = 0


class Severity(Enum):
    """How much a finding weighs. Advice never changes the exit status."""

    ERROR = "error"
    WARNING = "warning"
    ADVICE = "advice"


class Code(StrEnum):
    """The slug of a finding: stable, readable, documented in ``docs/diagnostics.md``."""

    # The environment: exit status 3.
    UNREADABLE_FILE = "unreadable-file"
    UNWRITABLE_OUTPUT = "unwritable-output"
    MISSING_COMPONENT = "missing-component"
    UNUSABLE_FONT = "unusable-font"
    # A card would be wrong or lost: errors.
    NOT_UTF8 = "not-utf8"
    NO_CARDS = "no-cards"
    MISSING_ANSWER = "missing-answer"
    MISSING_QUESTION = "missing-question"
    UNCLOSED_DETAILS = "unclosed-details"
    UNCLOSED_FENCE = "unclosed-fence"
    UNCLOSED_COMPONENT = "unclosed-component"
    MISSING_IMAGE = "missing-image"
    BAD_IMAGE = "bad-image"
    MISSING_AUDIO = "missing-audio"
    BAD_AUDIO = "bad-audio"
    OUTSIDE_PROJECT = "outside-project"
    BAD_FRONT_MATTER = "bad-front-matter"
    BAD_ATTRIBUTE = "bad-attribute"
    BAD_CONFIG = "bad-config"
    UNKNOWN_KEY = "unknown-key"
    DUPLICATE_ID = "duplicate-id"
    BAD_CLOZE = "bad-cloze"
    NO_RIGHT_OPTION = "no-right-option"
    FIELD_TOO_LONG = "field-too-long"
    FIELD_TOO_DEEP = "field-too-deep"
    FORBIDDEN_CHARACTER = "forbidden-character"
    # A learner's history would be at risk: errors.
    BAD_LOCK = "bad-lock"
    DOUBTFUL_MATCH = "doubtful-match"
    LOCK_WOULD_CHANGE = "lock-would-change"
    # Something is shown differently from what the author may expect: warnings.
    BAD_FORMULA = "bad-formula"
    MISSING_GLYPH = "missing-glyph"
    TOO_WIDE = "too-wide"
    UNCLAIMED_BLOCK = "unclaimed-block"
    DROPPED_MARKUP = "dropped-markup"
    REMOTE_IMAGE = "remote-image"
    REMOTE_AUDIO = "remote-audio"
    RENUMBERED_CLOZE = "renumbered-cloze"
    # Worth knowing.
    FILE_WITHOUT_CARDS = "file-without-cards"
    UNUSED_IGNORE = "unused-ignore"
    # Hard to learn: advice of ``check`` alone.
    LONG_QUESTION = "long-question"
    LONG_ANSWER = "long-answer"
    LIST_ANSWER = "list-answer"
    BARE_VERDICT = "bare-verdict"
    TWO_QUESTIONS = "two-questions"
    NEEDS_CONTEXT = "needs-context"
    GIVEN_AWAY = "given-away"
    NEAR_DUPLICATE = "near-duplicate"
    MISSING_ALT = "missing-alt"


ENVIRONMENT: Final = frozenset(
    {Code.UNREADABLE_FILE, Code.UNWRITABLE_OUTPUT, Code.MISSING_COMPONENT, Code.UNUSABLE_FONT}
)
_WARNINGS: Final = frozenset(
    {
        Code.BAD_FORMULA,
        Code.MISSING_GLYPH,
        Code.TOO_WIDE,
        Code.UNCLAIMED_BLOCK,
        Code.DROPPED_MARKUP,
        Code.REMOTE_IMAGE,
        Code.REMOTE_AUDIO,
        Code.RENUMBERED_CLOZE,
    }
)
QUALITY: Final = frozenset(
    {
        Code.LONG_QUESTION,
        Code.LONG_ANSWER,
        Code.LIST_ANSWER,
        Code.BARE_VERDICT,
        Code.TWO_QUESTIONS,
        Code.NEEDS_CONTEXT,
        Code.GIVEN_AWAY,
        Code.NEAR_DUPLICATE,
        Code.MISSING_ALT,
    }
)
_ADVICE: Final = frozenset({Code.FILE_WITHOUT_CARDS, Code.UNUSED_IGNORE, *QUALITY})


def severity_of(code: Code) -> Severity:
    """The severity a code has unless the settings say otherwise."""
    if code in _ADVICE:
        return Severity.ADVICE
    return Severity.WARNING if code in _WARNINGS else Severity.ERROR


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding: where, what is wrong (``message``) and what to do (``hint``)."""

    code: Code
    span: Span
    message: str
    hint: str
    severity: Severity


@dataclass(slots=True)
class Sink:
    """Collects findings in the order in which they are made."""

    found: list[Diagnostic] = field(default_factory=list)

    def add(self, code: Code, span: Span, message: str, hint: str, severity: Severity | None = None) -> None:
        """Record a finding, with the severity of its code unless told otherwise."""
        self.found.append(Diagnostic(code, span, message, hint, severity or severity_of(code)))

    def extend(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Take over findings that were made elsewhere."""
        self.found.extend(diagnostics)

    @property
    def has_errors(self) -> bool:
        """Whether anything found forbids writing a product."""
        return any(d.severity is Severity.ERROR for d in self.found)

    def __iter__(self) -> Iterator[Diagnostic]:
        return iter(self.found)
