"""From the blocks of the document tree to boxes."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final, assert_never

from cardforge import doc
from cardforge.backends.math import MathBox, formula
from cardforge.backends.pdf.boxes.boxes import DisplayBlock, ListBlock, RuleBlock, Stack, TextBlock, entry
from cardforge.backends.pdf.boxes.inline_boxes import blank, bullet, formula_box, tick_box
from cardforge.backends.pdf.boxes.inlines import Look, Setting, gapped, items, label, sized_picture
from cardforge.backends.pdf.boxes.listings import Gaps, code_block
from cardforge.backends.pdf.boxes.rows import Block
from cardforge.backends.pdf.boxes.tables import TableBlock
from cardforge.backends.pdf.canvas.inks import ACCENT, HAIR, QUIET
from cardforge.backends.pdf.canvas.tags import BULLETED, NUMBERED, Tag, heading
from cardforge.backends.pdf.text import bidi
from cardforge.backends.pdf.text.characters import clean
from cardforge.backends.pdf.text.paragraph import Align, Paragraph
from cardforge.backends.pdf.text.words import InlineBox, reduced

_HEADINGS: Final = {1: 1.22, 2: 1.14, 3: 1.07}
_TIGHT: Final = 0.16
_LOOSE: Final = 0.45
_TABLE_SIZE: Final = 0.92
_PICTURE_SHARE: Final = 0.66  # of the room, where there is text beside it
_ALIGN: Final = {
    doc.Align.NONE: Align.START,
    doc.Align.LEFT: Align.LEFT,
    doc.Align.CENTER: Align.CENTER,
    doc.Align.RIGHT: Align.RIGHT,
}


def boxes(blocks: Sequence[doc.Block], look: Look, setting: Setting) -> list[Block]:
    """The boxes of a field."""
    return list(_boxes(blocks, look, setting, depth=0, alone=len(blocks) == 1))


def text(children: Sequence[doc.Inline], look: Look, setting: Setting) -> TextBlock:
    """A paragraph."""
    return TextBlock(setting.paragraph(list(items(children, look, setting)), look), gap=setting.gap(0.55) * look.size)


def _boxes(
    blocks: Iterable[doc.Block], look: Look, setting: Setting, *, depth: int, alone: bool = False
) -> Iterator[Block]:
    for block in blocks:
        match block:
            case doc.Paragraph():
                yield from _paragraph(block, look, setting, alone=alone)
            case doc.Heading():
                size = look.size * _HEADINGS.get(block.level, 1.0)
                title = text(block.children, look._replace(size=size, bold=True), setting)
                yield replace(title, gap=0.7 * look.size, keeps_next=True, tag=heading(setting.level + block.level))
            case doc.List():
                if block.items:
                    yield _list(block, look, setting, depth)
            case doc.Quote():
                inner = list(_boxes(block.blocks, look, setting, depth=depth))
                quote = Tag("BlockQuote")
                yield Stack(inner, indent=0.9 * look.size, bar=HAIR, rtl=_rtl(block.blocks, setting), tag=quote)
            case doc.Alert():
                rtl = _rtl(block.blocks, setting)
                word = doc.Text("\u200f" * rtl + block.kind.word)  # it stands where the text begins
                title = replace(text((word,), look._replace(ink=ACCENT, bold=True), setting), keeps_next=True)
                inner = list(_boxes(block.blocks, look, setting, depth=depth))
                yield Stack([title, *inner], indent=0.9 * look.size, bar=ACCENT, rtl=rtl, tag=Tag("Div"))
            case doc.CodeBlock():
                gaps = Gaps(block.holes, setting.hide_gaps)
                yield code_block(clean(block.text), block.language, setting.fonts, setting.language, look.size, gaps)
            case doc.MathBlock():
                yield _math(block, look, setting)
            case doc.Table():
                if block.rows or any(cell.children for cell in block.head):
                    yield _table(block, look, setting)
            case doc.Rule():
                yield RuleBlock()
            case doc.Details():
                summary = text(block.summary, look._replace(bold=True), setting)
                inner = list(_boxes(block.blocks, look, setting, depth=depth))
                yield replace(summary, keeps_next=bool(inner))
                yield Stack(inner, indent=0.0)
            case _:
                assert_never(block)


def _paragraph(block: doc.Paragraph, look: Look, setting: Setting, *, alone: bool) -> Iterator[Block]:
    """A paragraph; pictures that stand alone in one are set like figures."""
    pictures = list(_only_pictures(block.children, setting))
    if not pictures:
        yield text(block.children, look, setting)
        return
    share = 1.0 if alone and len(pictures) == 1 else _PICTURE_SHARE
    for picture in pictures:
        yield DisplayBlock(reduced(picture, look.size), share)


def _only_pictures(children: Sequence[doc.Inline], setting: Setting) -> Iterator[InlineBox]:
    visible = [child for child in children if not (isinstance(child, doc.Text) and not child.text.strip())]
    visible = [child for child in visible if not isinstance(child, doc.LineBreak)]
    images = [child for child in visible if isinstance(child, doc.Image)]
    if len(images) == len(visible):
        pictures = [sized_picture(image, setting) for image in images]
        if all(pictures):
            yield from (picture for picture in pictures if picture)


def _list(block: doc.List, look: Look, setting: Setting, depth: int) -> ListBlock:
    rtl = any(_rtl(item.blocks, setting) for item in block.items[:1])
    between = setting.gap(_TIGHT if block.tight else _LOOSE) * look.size
    entries = [
        entry(
            _marker(block, at, look, setting, depth, rtl=rtl),
            [_close(box, between) for box in _boxes(item.blocks, look, setting, depth=depth + 1)],
        )
        for at, item in enumerate(block.items)
    ]
    kind = BULLETED if block.start is None else NUMBERED
    return ListBlock(entries, setting.strut(look), between, rtl=rtl, tag=Tag("L", attributes=kind))


def _close(box: Block, between: float) -> Block:
    """A text or a list in an item, no further from what is beside it there than the items are from each other."""
    return replace(box, gap=min(box.gap, between)) if isinstance(box, TextBlock | ListBlock) else box


def _marker(block: doc.List, at: int, look: Look, setting: Setting, depth: int, *, rtl: bool) -> InlineBox:
    ticked = block.items[at].checked
    if ticked is not None:
        return tick_box(look.size, ticked=ticked)
    if block.start is None:
        return bullet(depth, look.size)
    mark = "\u200f" if rtl else ""  # a number has no direction of its own, and the point belongs after it
    return label(f"{mark}{block.start + at}.", look._replace(ink=QUIET), setting)


def _math(block: doc.MathBlock, look: Look, setting: Setting) -> Block:
    tex = gapped(block, setting) if block.holes else block.tex
    if tex is None:
        return DisplayBlock(blank(None, look.size))
    box = formula(tex, display=True, language=setting.language)
    if isinstance(box, MathBox):
        return DisplayBlock(formula_box(box, look.size, look.ink, setting.drawings))
    return code_block(clean(tex), "", setting.fonts, setting.language, look.size)


def _table(block: doc.Table, look: Look, setting: Setting) -> TableBlock:
    small = look._replace(size=look.size * _TABLE_SIZE)
    titled = any(cell.children for cell in block.head)
    head = [[_cell(cell, small._replace(bold=True), setting) for cell in block.head]] if titled else []
    body = [[_cell(cell, small, setting) for cell in row] for row in block.rows]
    words = doc.plain_text([block])
    found = bidi.direction(words)
    return TableBlock(
        [*head, *body],
        [_ALIGN[align] for align in block.align],
        head=bool(head),
        rtl=(setting.direction if found is None else found) == 1,
    )


def _cell(cell: doc.Cell, look: Look, setting: Setting) -> Paragraph:
    return setting.paragraph(list(items(cell.children, look, setting)), look, 1.3)


def _rtl(blocks: Sequence[doc.Block], setting: Setting) -> bool:
    found = bidi.direction(doc.plain_text(blocks))
    return (setting.direction if found is None else found) == 1
