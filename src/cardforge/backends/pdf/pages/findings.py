"""What printing a card brings to light, as findings that name the card: each thing once a card."""

import unicodedata
from dataclasses import dataclass, field

from cardforge.backends.pdf.text.faces import extra_for
from cardforge.diagnostics import Code, Sink, Span


@dataclass(slots=True)
class CardReport:
    """Collects for one card; ``question`` is its short form."""

    sink: Sink
    span: Span
    question: str
    _seen: set[tuple[Code, str]] = field(default_factory=set)

    def missing(self, character: str) -> None:
        """No font has a glyph for the character."""
        name = unicodedata.name(character, "a character without a name")
        extra = extra_for(character)
        fonts = f"Install fonts that may have it: python -m pip install 'cardforge[{extra}]'."
        self._once(
            Code.MISSING_GLYPH,
            character,
            f"No font has U+{ord(character):04X} ({name}) in “{self.question}”: print shows an empty box.",
            fonts if extra else "Write it another way, show a picture of it, or name a font that has it with --font.",
        )

    def too_wide(self, what: str) -> None:
        """Something had to be set smaller than one can read."""
        self._once(
            Code.TOO_WIDE,
            what,
            f"{what[:1].upper()}{what[1:]} in “{self.question}” is so wide that print sets it too small to read well.",
            "Break it into several, or use fewer columns.",
        )

    def unprintable(self, picture: str) -> None:
        """A picture cannot be printed; its description stands in its place."""
        self._once(
            Code.DROPPED_MARKUP,
            picture,
            f"Print cannot show the picture {picture} in “{self.question}”; its description stands there instead.",
            "Convert it to PNG or JPEG.",
        )

    def _once(self, code: Code, what: str, message: str, hint: str) -> None:
        if (code, what) not in self._seen:
            self._seen.add((code, what))
            self.sink.add(code, self.span, message, hint)
