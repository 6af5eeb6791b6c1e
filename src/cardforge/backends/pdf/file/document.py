"""The PDF file: pages with their boxes and resources, the outline, and what a screen or a press wants to know of it.

ReportLab's document objects write it; its canvas is left out, since that sets a font of its own on every page, which
would be embedded nowhere. Whatever differs from ReportLab's ways is a subclass or an attribute of one object.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from reportlab.pdfbase import pdfdoc

from cardforge.backends.pdf.canvas.content import Content, LinkArea, Report, num
from cardforge.backends.pdf.canvas.inks import Palette
from cardforge.backends.pdf.file.drawings import Drawings
from cardforge.backends.pdf.file.embedding import embed
from cardforge.backends.pdf.file.metadata import CREATOR, PRODUCER, Colours, add_intents, add_packet, screen_colours
from cardforge.backends.pdf.file.objects import File, Objects, compressed, reference, references, text_string
from cardforge.backends.pdf.file.outline import Entry, write_outline
from cardforge.backends.pdf.file.structure import Structure
from cardforge.backends.pdf.text.characters import clean
from cardforge.backends.pdf.text.fonts import Fonts
from cardforge.printing import MM, PrintOptions, Profile, Size

_VERSION: Final = (1, 7)  # PDF/A-2's and PDF/UA-1's
_PRESS_VERSION: Final = (1, 6)  # PDF/X-4's
_GROUP: Final = 64  # pages in a node of the page tree
_SLUG: Final = 6 * MM  # beyond the bleed, for crop marks


class _Info(pdfdoc.PDFInfo):
    """The information dictionary, without dates: when a file was built is no part of what is in it."""

    def format(self, document: pdfdoc.PDFDocument) -> bytes:
        entries = {
            "Title": pdfdoc.PDFString(self.title),
            "Creator": pdfdoc.PDFString(CREATOR),
            "Producer": pdfdoc.PDFString(PRODUCER),
        }
        formatted: bytes = pdfdoc.PDFDictionary(entries).format(document)
        return formatted


@dataclass(slots=True)
class Document:
    """A PDF in the making. Sizes are in points. ``intent`` are the colours of the press, where they are known."""

    title: str
    language: str
    drawings: Drawings
    options: PrintOptions = field(default_factory=PrintOptions)
    intent: Colours | None = None
    fonts: Fonts = field(default_factory=Fonts)
    entries: list[Entry] = field(default_factory=list)
    palette: Palette = field(init=False)
    _pdf: Any = field(init=False)
    _objects: Objects = field(init=False)
    _fonts: int = field(init=False)
    _structure: Structure | None = field(init=False)
    _pages: list[int] = field(default_factory=list)
    _groups: list[int] = field(default_factory=list)
    _labels: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.palette = Palette(self.options.accent, press=self.press)
        version = _PRESS_VERSION if self.press else _VERSION
        self._pdf = File(version, clean(self.language))
        self._pdf.info = _Info()
        self._pdf.setTitle(clean(self.title))
        self._objects = Objects(self._pdf)
        self._fonts = self._objects.number_of(pdfdoc.PDFObjectReference(pdfdoc.BasicFonts))
        self._structure = None if self.press else Structure(self._objects)
        self.advise_printer("")

    @property
    def press(self) -> bool:
        """Whether it is made for a print shop."""
        return self.options.profile is Profile.PRESS

    def advise_printer(self, edge: str) -> None:
        """Ask a viewer not to scale the pages and to turn leaves about their ``edge``: "long", "short" or ""."""
        preferences = {"DisplayDocTitle": "true", "PrintScaling": "/None"}
        if edge:
            preferences["Duplex"] = "/DuplexFlipLongEdge" if edge == "long" else "/DuplexFlipShortEdge"
        self._pdf.Catalog.ViewerPreferences = pdfdoc.PDFDictionary(preferences)

    @property
    def page_count(self) -> int:
        """How many pages there are so far."""
        return len(self._pages)

    def page(self, report: Report) -> Content:
        """The content of a page to draw on; what its drawing brings to light goes to ``report``."""
        return Content(report, self.palette, tagged=self._structure is not None)

    def add_page(self, content: Content, size: Size, label: str = "", *, cut: bool = False) -> None:
        """Add a page of a size that shows a content; ``label`` is its name in a viewer.

        A press gets a page that will be ``cut`` with what is to be cut off around it.
        """
        data = content.finish()
        if self.press:
            boxes, data = self._trimmed(data, size, cut=cut)
        else:
            boxes = _box("MediaBox", 0, 0, *size)
        names = b"".join(b" /%s %s" % (name.encode(), self._xobject(name)) for name in content.names)
        number = self._objects.reserve()
        self._pages.append(number)
        self._objects.put(
            number,
            b"<< /Type /Page /Parent %d 0 R %s /Contents %d 0 R /Resources << /Font %d 0 R%s >>%s >>"
            % (
                self._group(),
                boxes,
                self._objects.add(compressed(data)),
                self._fonts,
                b" /XObject <<%s >>" % names if names else b"",
                self._tags(content) if self._structure else b"",
            ),
        )
        self._labels.append(label)
        self._pdf.updateSignature(data)

    def _group(self) -> int:
        """The node of the page tree that a new page belongs to: no node holds many (7.7.3)."""
        if len(self._pages) > len(self._groups) * _GROUP:
            self._groups.append(self._objects.reserve())
        return self._groups[-1]

    def _xobject(self, name: str) -> bytes:
        number = self._objects.number_of(self._pdf.Reference(self.drawings.objects[name]))
        return b"%d 0 R" % number

    def _trimmed(self, data: bytes, size: Size, *, cut: bool) -> tuple[bytes, bytes]:
        """The boxes of a page for a press (14.11.2), and its content with crop marks, moved there."""
        bleed = self.options.bleed if cut else 0.0
        off = bleed + (_SLUG if cut and self.options.marks else 0.0)
        right, top = off + size.width, off + size.height
        boxes = b" ".join(
            [
                _box("MediaBox", 0, 0, right + off, top + off),
                _box("BleedBox", off - bleed, off - bleed, right + bleed, top + bleed),
                _box("TrimBox", off, off, right, top),
            ]
        )
        if not off:
            return boxes, data
        marks = _crop_marks(size, off, bleed) if self.options.marks else ""
        at = num(off).encode()
        return boxes, b"%s\nq 1 0 0 1 %s %s cm\n%s\nQ" % (marks.encode(), at, at, data)

    def _tags(self, content: Content) -> bytes:
        """What ties a page to the structure, its links among it."""
        structure, at = self._structure, self._pages[-1]
        if structure is None:
            return b""
        tied = b" /StructParents %d /Tabs /S" % structure.add(content, at)
        if not content.links:
            return tied
        annotations = []
        for link in content.links:
            number = self._objects.reserve()
            self._objects.put(number, _annotation(link, structure.add_link(link.path, at, number)))
            annotations.append(number)
        return tied + b" /Annots " + references(annotations)

    def to_bytes(self) -> bytes:
        """The finished file."""
        catalog = self._pdf.Catalog
        fonts = self._pdf.idToObject[pdfdoc.BasicFonts]
        for used in self.fonts.in_use.values():
            fonts[used.resource] = embed(used, self._pdf)
        catalog.Pages = self._page_tree()
        self._pdf.Outlines = _OwnOutline()
        catalog.Outlines = None
        if self.entries:
            catalog.Outlines = reference(write_outline(self.entries, self._pages, self._objects))
            catalog.PageMode = "/UseOutlines"
        if any(self._labels):
            catalog.PageLabels = reference(self._objects.add(_page_labels(self._labels)))
        if self._structure:
            catalog.StructTreeRoot = reference(self._structure.write())
            catalog.MarkInfo = pdfdoc.PDFDictionary({"Marked": "true"})
            add_intents(self._pdf, screen_colours(), ["GTS_PDFA1"])
        elif self.intent:
            add_intents(self._pdf, self.intent, ["GTS_PDFX"])
        add_packet(
            self._pdf,
            clean(self.title),
            clean(self.language),
            archive=self._structure is not None,
            press=self.intent is not None,
        )
        data: bytes = self._pdf.GetPDFData(None)
        return data

    def _page_tree(self) -> bytes:
        root = self._objects.reserve()
        for at, group in enumerate(self._groups):
            kids = self._pages[at * _GROUP : (at + 1) * _GROUP]
            told = b"<< /Type /Pages /Parent %d 0 R /Kids %s /Count %d >>" % (root, references(kids), len(kids))
            self._objects.put(group, told)
        told = b"<< /Type /Pages /Kids %s /Count %d >>" % (references(self._groups), len(self._pages))
        self._objects.put(root, told)
        return reference(root)


class _OwnOutline:
    """What ReportLab asks about an outline it does not write."""

    ready = 1

    def prepare(self, document: object, canvas: object) -> None:
        """Nothing is left to do."""


def _box(name: str, left: float, bottom: float, right: float, top: float) -> bytes:
    return f"/{name} [{num(left)} {num(bottom)} {num(right)} {num(top)}]".encode()


def _crop_marks(size: Size, off: float, bleed: float) -> str:
    """Marks beside each corner of a page that is cut ``off`` points inside of its edges, outside of its bleed."""
    start = off - bleed - 1.0
    wide, high = size.width + 2 * off, size.height + 2 * off
    lines = []
    for x in (off, off + size.width):
        lines += [(x, 0.0, x, start), (x, high - start, x, high)]
    for y in (off, off + size.height):
        lines += [(0.0, y, start, y), (wide - start, y, wide, y)]
    paths = " ".join(f"{num(x1)} {num(y1)} m {num(x2)} {num(y2)} l" for x1, y1, x2, y2 in lines)
    return f"q 0.25 w 1 1 1 1 K {paths} S Q"  # in every ink, so that each plate shows where to cut


def _page_labels(labels: Sequence[str]) -> bytes:
    """The pages' names (12.4.2), each a range of its own that is nothing but a prefix."""
    numbers = [
        b"%d << %s >>" % (at, b"/P " + text_string(label) if label else b"/S /D /St %d" % (at + 1))
        for at, label in enumerate(labels)
    ]
    return b"<< /Nums [%s] >>" % b" ".join(numbers)


def _annotation(link: LinkArea, key: int) -> bytes:
    """A link's annotation; it prints, which the archive formats ask of every annotation."""
    area = " ".join(num(value) for value in link.area).encode()
    address, told = text_string(_ascii(link.href)), text_string(link.href)
    action = b"<< /S /URI /URI %s >>" % address
    return b"<< /Type /Annot /Subtype /Link /Rect [%s] /Border [0 0 0] /F 4 /A %s /Contents %s /StructParent %d >>" % (
        area,
        action,
        told,
        key,
    )


def _ascii(href: str) -> str:
    """An address as 7-bit text: what lies beyond is percent-encoded as UTF-8 (RFC 3987, 3.1)."""
    return "".join(char if " " < char <= "~" else "".join(f"%{byte:02X}" for byte in char.encode()) for char in href)
