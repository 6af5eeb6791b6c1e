"""The two note types, for ever.

Anki finds a note type again by its id, a field or template by its own id, and a note whose type has changed shape is
never updated again. So nothing here that has a number may change, go or move; kinds of cards differ by a field, and
spare fields wait for what comes. Text of templates and style may change: then :data:`MODIFIED` moves with it.

Names of fields have no ``: { } "``, which Anki removes (rslib ``notetype/fields.rs``).
"""

from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from cardforge.backends.highlight import css
from cardforge.values import dataclass

if TYPE_CHECKING:
    import genanki

MODIFIED: Final = 1_795_480_000
"""When the text of templates or style last changed, in seconds since 1970.

Anki takes over a package's text when this is newer than what it has, so it moves when, and only when, the text does.
"""
DIGEST: Final = "2a098b09aa3dd8c88133043f128b5540b1bb20e49d768af6590c273c2edb32ee"
"""The SHA-256 of that text (see :func:`digest`): a test compares, so a change without a new date is found."""


@dataclass(frozen=True, slots=True)
class Template:
    """One card of a note type: its two sides in Anki's template language."""

    id: int
    name: str
    front: str
    back: str


@dataclass(frozen=True, slots=True)
class NoteType:
    """A note type; fields are (id, name), the first one is the sort field."""

    id: int
    name: str
    fields: tuple[tuple[int, str], ...]
    templates: tuple[Template, ...]
    cloze: bool = False


_CRUMB: Final = """\
<p class="crumb" dir="auto"><span class="kind">{{Kind}}</span>{{#Section}}<span class="section">{{Section}}</span>\
{{/Section}}</p>"""
_REVERSE_CRUMB: Final = _CRUMB.replace("{{Kind}}", "{{Kind}} ⇄")
_HINT: Final = '{{#Hint}}<details class="hint"><summary>Hint</summary><div dir="auto">{{Hint}}</div></details>{{/Hint}}'
_FOOT: Final = """\
{{#Extra}}<div class="extra" dir="auto">{{Extra}}</div>{{/Extra}}
{{#Source}}<footer class="source" dir="auto">{{Source}}</footer>{{/Source}}"""


def _side(*parts: str) -> str:
    return "\n".join(('<main class="sheet kind-{{Kind}}">', *parts, "</main>"))


BASIC: Final = NoteType(
    id=1_763_900_101_001,
    name="cardforge Basic",
    fields=(
        (4_101_000_001, "Front"),
        (4_101_000_002, "Back"),
        (4_101_000_003, "Extra"),
        (4_101_000_004, "Hint"),
        (4_101_000_005, "Source"),
        (4_101_000_006, "Reverse"),
        (4_101_000_007, "Typed"),
        (4_101_000_008, "Kind"),
        (4_101_000_009, "Section"),
        (4_101_000_010, "Spare 1"),
        (4_101_000_011, "Spare 2"),
        (4_101_000_012, "Spare 3"),
    ),
    templates=(
        Template(
            id=4_101_000_101,
            name="Forward",
            # Without the condition a note with an empty front would still make a card, of its section alone.
            front="{{#Front}}"
            + _side(
                _CRUMB,
                '<div class="question" dir="auto">{{Front}}</div>',
                '{{#Typed}}<div class="typed">{{type:Typed}}</div>{{/Typed}}',
                _HINT,
            )
            + "{{/Front}}",
            back=_side(
                _CRUMB,
                '<div class="question asked" dir="auto">{{Front}}</div>',
                '<hr id="answer">',
                '{{#Typed}}<div class="typed">{{type:Typed}}</div>{{/Typed}}',
                '<div class="answer" dir="auto">{{Back}}</div>',
                _FOOT,
            ),
        ),
        Template(
            id=4_101_000_102,
            name="Reverse",
            front="{{#Reverse}}"
            + _side(_REVERSE_CRUMB, '<div class="question" dir="auto">{{Back}}</div>')
            + "{{/Reverse}}",
            back=_side(
                _REVERSE_CRUMB,
                '<div class="question asked" dir="auto">{{Back}}</div>',
                '<hr id="answer">',
                '<div class="answer" dir="auto">{{Front}}</div>',
                _FOOT,
            ),
        ),
    ),
)

CLOZE: Final = NoteType(
    id=1_763_900_102_001,
    name="cardforge Cloze",
    fields=(
        (4_102_000_001, "Text"),
        (4_102_000_002, "Extra"),
        (4_102_000_003, "Hint"),
        (4_102_000_004, "Source"),
        (4_102_000_005, "Kind"),
        (4_102_000_006, "Section"),
        (4_102_000_007, "Spare 1"),
        (4_102_000_008, "Spare 2"),
        (4_102_000_009, "Spare 3"),
    ),
    templates=(
        Template(
            id=4_102_000_101,
            name="Cloze",
            front=_side(_CRUMB, '<div class="question" dir="auto">{{cloze:Text}}</div>', _HINT),
            back=_side(_CRUMB, '<div class="question" dir="auto">{{cloze:Text}}</div>', _FOOT),
        ),
    ),
    cloze=True,
)

NOTE_TYPES: Final = (BASIC, CLOZE)


@cache
def style() -> str:
    """The style sheet both note types carry; a file in the media folder would never be updated by an import."""
    return files(__package__).joinpath("style.css").read_text("utf-8") + css(".cf-code", ".nightMode .cf-code")


def digest() -> str:
    """The SHA-256 of all text that an import replaces: templates and style."""
    text = [part for kind in NOTE_TYPES for template in kind.templates for part in (template.front, template.back)]
    return sha256("\0".join([*text, style()]).encode()).hexdigest()


def model(kind: NoteType) -> "genanki.Model":
    """The note type as genanki writes it; it passes the ids of fields and templates through."""
    from cardforge.backends.anki.library import genanki  # here, for fields are written without it

    fields: list[dict[str, Any]] = [{"name": name, "id": number} for number, name in kind.fields]
    templates: list[dict[str, Any]] = [
        {"name": each.name, "id": each.id, "qfmt": each.front, "afmt": each.back} for each in kind.templates
    ]
    return genanki.Model(
        kind.id,
        kind.name,
        fields=fields,
        templates=templates,
        css=style(),
        model_type=genanki.Model.CLOZE if kind.cloze else genanki.Model.FRONT_BACK,
    )
