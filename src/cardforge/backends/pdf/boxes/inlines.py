"""From the inlines of the document tree to what a paragraph sets."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from typing import Final, NamedTuple, assert_never

from cardforge.backends.math import MathBox, formula
from cardforge.backends.math.holes import answered, asked
from cardforge.backends.pdf.boxes.inline_boxes import (
    blank,
    formula_box,
    key_cap,
    label_box,
    picture_box,
    speaker,
    underlined,
)
from cardforge.backends.pdf.canvas.content import Report
from cardforge.backends.pdf.canvas.inks import ACCENT, BLACK, QUIET, Ink
from cardforge.backends.pdf.canvas.tags import Path, Tag
from cardforge.backends.pdf.file.drawings import Drawings
from cardforge.backends.pdf.text.characters import clean
from cardforge.backends.pdf.text.fonts import Chain, FaceName, Fonts
from cardforge.backends.pdf.text.paragraph import Paragraph
from cardforge.backends.pdf.text.words import Decoration, HardBreak, InlineBox, Item, Run, TextStyle, reduced
from cardforge.doc import (
    Audio,
    Code,
    Gap,
    Image,
    Inline,
    LineBreak,
    Link,
    Mark,
    Marked,
    Math,
    MathBlock,
    Text,
    plain_text,
)
from cardforge.values import dataclass

LEADING: Final = 1.36
CLOSE: Final = 1.2  # Noto Sans' own lines are 1.36 apart; below this ascenders and descenders meet
_CLOSE_GAP: Final = 0.6
_CODE_SIZE: Final = 0.9
_SCRIPT_SIZE: Final = 0.68
_SMALL_SIZE: Final = 0.82
_HINT_SIZE: Final = 0.66
_UP: Final = 0.36
_DOWN: Final = -0.16
_TALLEST: Final = 8.0  # em: a picture among words
_CLICKABLE: Final = re.compile(r"(?:https?|mailto):", re.IGNORECASE)


class Look(NamedTuple):
    """What text inherits from the marks around it; ``size`` and ``rise`` in em of the paragraph."""

    size: float = 1.0
    bold: bool = False
    italic: bool = False
    mono: bool = False
    ink: Ink = BLACK
    rise: float = 0.0
    decoration: Decoration = Decoration.NONE
    href: str = ""
    link: Tag | None = None


_FACES: Final[Mapping[tuple[bool, bool, bool], FaceName]] = {
    (False, False, False): FaceName.REGULAR,
    (False, True, False): FaceName.BOLD,
    (False, False, True): FaceName.ITALIC,
    (False, True, True): FaceName.BOLD_ITALIC,
    (True, False, False): FaceName.MONO,
    (True, True, False): FaceName.MONO_BOLD,
    (True, False, True): FaceName.MONO_ITALIC,
    (True, True, True): FaceName.MONO_BOLD_ITALIC,
}


@dataclass(frozen=True, slots=True)
class Setting:
    """All that setting a card's text needs from outside. ``language`` is the deck's, ``direction`` its script's.

    ``hide_gaps`` makes blanks of a cloze's gaps; ``close`` sets lines and paragraphs close together; ``level`` is that
    of a question among the document's headings, ``path`` the card as an element of it; ``styles`` remembers styles,
    because equal ones must be one, and ``struts`` lines.
    """

    fonts: Fonts
    drawings: Drawings
    report: Report
    language: str
    direction: int
    hide_gaps: bool = False
    close: bool = False
    level: int = 1
    path: Path = ()
    styles: dict[Look, TextStyle] = field(default_factory=dict)
    struts: dict[tuple[Look, bool], Paragraph] = field(default_factory=dict)

    def style(self, look: Look) -> TextStyle:
        """The text style of a look."""
        style = self.styles.get(look)
        if style is None:
            chain = self.chain(look)
            style = TextStyle(chain, look.size, look.ink, look.rise, look.decoration, look.href, look.link)
            self.styles[look] = style
        return style

    def chain(self, look: Look) -> Chain:
        """The fonts of a look."""
        return self.fonts.chain(_FACES[look.mono, look.bold, look.italic], self.language)

    def paragraph(self, items: Sequence[Item], look: Look, leading: float = LEADING) -> Paragraph:
        """A paragraph of items whose lines are as far apart as the look's size asks for."""
        return Paragraph(
            items, self.style(look).chain, look.size, min(leading, CLOSE) if self.close else leading, self.direction
        )

    def strut(self, look: Look) -> Paragraph:
        """A line of a look's height."""
        key = (look, self.close)
        strut = self.struts.get(key)
        if strut is None:
            strut = self.struts[key] = self.paragraph((Run("x", self.style(look)),), look)
        return strut

    def gap(self, open_gap: float) -> float:
        """The space above a block that has ``open_gap`` em of it where there is room."""
        return open_gap * _CLOSE_GAP if self.close else open_gap


def items(nodes: Sequence[Inline], look: Look, setting: Setting) -> Iterator[Item]:
    """What a paragraph of these inlines consists of."""
    for node in nodes:
        match node:
            case Text():
                yield Run(clean(node.text), setting.style(look))
            case Code():
                yield _code(node.text, look, setting)
            case Math() if node.holes:
                shown = gapped(node, setting)
                yield blank(None, look.size) if shown is None else _math(shown, look, setting)
            case Math():
                yield _math(node.tex, look, setting)
            case Marked(mark=Mark.KEYBOARD, children=(Text(),)):
                key = look._replace(mono=True, size=look.size * _SMALL_SIZE)
                yield key_cap(label(plain_text(node.children), key, setting), key.size)
            case Marked():
                yield from items(node.children, _marked(node.mark, look), setting)
            case Link():
                yield from items(node.children, _linked(node.href, look), setting)
            case Image():
                yield from _image(node, look, setting)
            case Audio():
                yield from _sound(node, look, setting)
            case LineBreak():
                yield HardBreak()
            case Gap():
                yield from _gap(node, look, setting)
            case _:
                assert_never(node)


def label(text: str, look: Look, setting: Setting) -> InlineBox:
    """Words that stay on one line."""
    return label_box(setting.paragraph((Run(clean(text), setting.style(look)),), look))


def _code(text: str, look: Look, setting: Setting) -> Run:
    inside = look._replace(mono=True, size=look.size * _CODE_SIZE, decoration=look.decoration | Decoration.CODE)
    return Run(clean(text), setting.style(inside))


def _math(tex: str, look: Look, setting: Setting) -> Item:
    box = formula(tex, display=False, language=setting.language)
    if isinstance(box, MathBox):
        placed = formula_box(box, look.size, look.ink, setting.drawings)
        return underlined(placed, look.size) if Decoration.ANSWER in look.decoration else placed
    return _code(tex, look, setting)


def gapped(node: Math | MathBlock, setting: Setting) -> str | None:
    """The LaTeX of a formula with gaps, as this side shows it; None if all of it is hidden."""
    display = isinstance(node, MathBlock)
    if setting.hide_gaps:
        return asked(node.tex, node.holes, display=display)
    return answered(node.tex, node.holes, display=display)


def _marked(mark: Mark, look: Look) -> Look:
    match mark:
        case Mark.EMPHASIS:
            return look._replace(italic=True)
        case Mark.STRONG:
            return look._replace(bold=True)
        case Mark.SUBSCRIPT:
            return look._replace(size=look.size * _SCRIPT_SIZE, rise=look.rise + _DOWN * look.size)
        case Mark.SUPERSCRIPT:
            return look._replace(size=look.size * _SCRIPT_SIZE, rise=look.rise + _UP * look.size)
        case Mark.KEYBOARD:
            decoration = look.decoration | Decoration.KEY
            return look._replace(mono=True, size=look.size * _SMALL_SIZE, decoration=decoration)
        case Mark.DELETED:
            return look._replace(ink=QUIET, decoration=look.decoration | Decoration.STRIKE)
        case Mark.INSERTED | Mark.UNDERLINE:
            return look._replace(decoration=look.decoration | Decoration.UNDERLINE)
        case Mark.HIGHLIGHT:
            return look._replace(decoration=look.decoration | Decoration.HIGHLIGHT)
        case Mark.SMALL:
            return look._replace(size=look.size * _SMALL_SIZE)
        case _:
            assert_never(mark)


def _linked(href: str, look: Look) -> Look:
    """A relative address leads nowhere from a PDF, so its words are just words."""
    if not _CLICKABLE.match(href):
        return look
    return look._replace(
        ink=ACCENT, decoration=look.decoration | Decoration.UNDERLINE, href=clean(href), link=Tag("Link")
    )


def _image(node: Image, look: Look, setting: Setting) -> Iterator[Item]:
    picture = sized_picture(node, setting)
    if picture is None:
        yield from described(node, look, setting)
        return
    yield reduced(picture, look.size * min(1.0, _TALLEST / (picture.ascent + picture.descent)))


def _sound(node: Audio, look: Look, setting: Setting) -> Iterator[Item]:
    """Paper cannot play: a sign says where something sounds, and its label what."""
    yield speaker(look.size)
    if node.label:
        yield Run(f"\u00a0{clean(node.label)}", setting.style(look._replace(ink=QUIET)))
    if not node.media:
        address = _linked(node.src, look)._replace(size=look.size * _SMALL_SIZE)
        yield Run(f" ({clean(node.src)})", setting.style(address))


def sized_picture(node: Image, setting: Setting) -> InlineBox | None:
    """The picture as large as its author wants it, in em; None if there is none to print."""
    pixels = setting.drawings.picture_size(node.media) if node.media else None
    if pixels is None:
        return None
    width, height = pixels
    wish = node.width or width
    return picture_box(node.media, (wish, wish * height / width), node.alt or node.title, setting.drawings)


def described(node: Image, look: Look, setting: Setting) -> Iterator[Item]:
    """What stands for a picture that cannot be printed: its description, and its address if it is elsewhere."""
    quiet = look._replace(italic=True, ink=QUIET)
    if node.media:
        setting.report.unprintable(node.src)
    words = clean(node.alt or node.title)
    if words:
        yield Run(words if node.media else f"{words} ", setting.style(quiet))
    if not words or not node.media:
        address = _linked(node.src, quiet)._replace(italic=False, size=look.size * _SMALL_SIZE)
        yield Run(f"({clean(node.src)})", setting.style(address))


def _gap(node: Gap, look: Look, setting: Setting) -> Iterator[Item]:
    if setting.hide_gaps:
        quiet = Look(size=look.size * _HINT_SIZE, italic=True, ink=ACCENT)
        yield blank(label(node.hint, quiet, setting) if node.hint else None, look.size)
    else:
        filled = look._replace(bold=True, decoration=look.decoration | Decoration.ANSWER)
        yield from items(node.children, filled, setting)
