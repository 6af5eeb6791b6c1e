"""The PDF file: pages with their boxes and resources, the outline, and what a screen or a press wants to know of it.

ReportLab's document objects write it; its canvas is left out, since that sets a font of its own on every page, which
would be embedded nowhere. Whatever differs from ReportLab's ways is a subclass or an attribute of one object.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from reportlab.pdfbase import pdfdoc

from cardforge.backends.pdf.content import Area, Content, LinkArea, Report, num
from cardforge.backends.pdf.drawings import Drawings
from cardforge.backends.pdf.embedding import Stream, embed
from cardforge.backends.pdf.fonts import Fonts
from cardforge.backends.pdf.inks import Palette
from cardforge.backends.pdf.inlines import clean
from cardforge.backends.pdf.metadata import CREATOR, PRODUCER, Colours, add_intents, add_packet, screen_colours
from cardforge.backends.pdf.structure import Structure
from cardforge.printing import MM, PrintOptions, Profile, Size

_VERSION: Final = (1, 7)  # PDF/A-2's and PDF/UA-1's
_PRESS_VERSION: Final = (1, 6)  # PDF/X-4's
_SLUG: Final = 6 * MM  # beyond the bleed, for crop marks


class Entry(NamedTuple):
    """A line of the outline: its title, how deep it is from 0 on, the page it leads to, counted from 0."""

    title: str
    depth: int
    page: int


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


class _Outline(pdfdoc.PDFObject):
    """The outline as a tree of dictionaries that lead to whole pages (ISO 32000-1, 12.3.3)."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.entries = entries
        self.ready = 1 if entries else -1
        self._root = pdfdoc.PDFDictionary({"Type": "/Outlines"})

    def prepare(self, document: Any, _canvas: object) -> None:
        """Make the entries' objects; ReportLab calls this once before it writes."""
        if not self.entries:
            return
        nodes = [pdfdoc.PDFDictionary({"Title": pdfdoc.PDFString(clean(entry.title))}) for entry in self.entries]
        root = document.Reference(self)
        references = [document.Reference(node) for node in nodes]
        stack = [(self._root, root, -1)]
        last: dict[int, int] = {}
        for at, (entry, node) in enumerate(zip(self.entries, nodes, strict=True)):
            while stack[-1][2] >= entry.depth:
                stack.pop()
            parent, parent_reference, _ = stack[-1]
            page = document.Reference(document.Pages.pages[entry.page])
            node["Dest"] = pdfdoc.PDFArrayCompact([page, "/Fit"])
            node["Parent"] = parent_reference
            if "First" in parent:
                sibling = last[id(parent)]
                node["Prev"] = references[sibling]
                nodes[sibling]["Next"] = references[at]
            else:
                parent["First"] = references[at]
            parent["Last"] = references[at]
            last[id(parent)] = at
            parent["Count"] = parent.dict.get("Count", 0) + 1
            stack.append((node, references[at], entry.depth))
        for entry, node in zip(self.entries, nodes, strict=True):
            if entry.depth and "Count" in node:
                node["Count"] = -node["Count"]  # below the decks it opens closed
        self._root["Count"] = (
            sum(node.dict.get("Count", 0) for node in nodes if node["Parent"] is root) + self._root["Count"]
        )

    def format(self, document: pdfdoc.PDFDocument) -> bytes:
        """The root dictionary's bytes."""
        formatted: bytes = self._root.format(document)
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
    _structure: Structure | None = field(init=False)
    _labels: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.palette = Palette(self.options.accent, press=self.press)
        version = _PRESS_VERSION if self.press else _VERSION
        self._pdf = pdfdoc.PDFDocument(invariant=1, compression=1, pdfVersion=version, lang=clean(self.language))
        self._pdf.info = _Info()
        self._pdf.setTitle(clean(self.title))
        self._structure = None if self.press else Structure(self._pdf)
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
        return len(self._pdf.Pages.pages)

    def page(self, report: Report) -> Content:
        """The content of a page to draw on; what its drawing brings to light goes to ``report``."""
        return Content(report, self.palette, tagged=self._structure is not None)

    def add_page(self, content: Content, size: Size, label: str = "", *, cut: bool = False) -> None:
        """Add a page of a size that shows a content; ``label`` is its name in a viewer.

        A press gets a page that will be ``cut`` with what is to be cut off around it.
        """
        data = content.finish()
        page = pdfdoc.PDFPage()
        if self.press:
            data = self._trimmed(page, data, size, cut=cut)
        else:
            page.MediaBox = _box(0, 0, *size)
        page.Contents = Stream(data)
        resources: dict[str, object] = {"Font": pdfdoc.PDFObjectReference(pdfdoc.BasicFonts)}
        if content.names:
            resources["XObject"] = pdfdoc.PDFDictionary(
                {name: self._pdf.Reference(self.drawings.objects[name]) for name in content.names}
            )
        page.Resources = pdfdoc.PDFDictionary(resources)
        self._pdf.addPage(page)
        if self._structure:
            self._tag(page, content, self._structure)
        self._labels.append(label)
        self._pdf.updateSignature(data)

    def _trimmed(self, page: Any, data: bytes, size: Size, *, cut: bool) -> bytes:
        """Give a page the boxes of a press (ISO 32000-1, 14.11.2); returns its content with crop marks, moved there."""
        bleed = self.options.bleed if cut else 0.0
        off = bleed + (_SLUG if cut and self.options.marks else 0.0)
        page.MediaBox = _box(0, 0, size.width + 2 * off, size.height + 2 * off)
        page.TrimBox = _box(off, off, off + size.width, off + size.height)
        page.BleedBox = _box(off - bleed, off - bleed, off + size.width + bleed, off + size.height + bleed)
        if not off:
            return data
        marks = _crop_marks(size, off, bleed) if self.options.marks else ""
        return b"%s\nq 1 0 0 1 %s %s cm\n%s\nQ" % (marks.encode(), num(off).encode(), num(off).encode(), data)

    def _tag(self, page: Any, content: Content, structure: Structure) -> None:
        """Tie a page to the structure, its links among it."""
        at = self.page_count - 1
        # ReportLab has a list of what a page may hold, which is older than tags.
        page.__NoDefault__ = [*page.__NoDefault__, "StructParents", "Tabs"]
        page.StructParents, page.Tabs = structure.add(content, at), "/S"
        annotations = []
        for number, link in enumerate(content.links):
            name = f"Link{at + 1}-{number + 1}"
            key = structure.add_link(link.path, at, name)
            annotations.append(self._pdf.Reference(_annotation(link, key), name))
        page.Annots = annotations

    def to_bytes(self) -> bytes:
        """The finished file."""
        fonts = self._pdf.idToObject[pdfdoc.BasicFonts]
        for used in self.fonts.in_use.values():
            fonts[used.resource] = embed(used, self._pdf)
        self._pdf.outline = self._pdf.Outlines = self._pdf.Catalog.Outlines = _Outline(self.entries)
        if self.entries:
            self._pdf.Catalog.PageMode = "/UseOutlines"
        if any(self._labels):
            self._pdf.Catalog.PageLabels = _page_labels(self._labels)
        if self._structure:
            self._structure.write()
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


def _box(left: float, bottom: float, right: float, top: float) -> pdfdoc.PDFArray:
    return pdfdoc.PDFArrayCompact([num(value) for value in (left, bottom, right, top)])


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


def _page_labels(labels: Sequence[str]) -> pdfdoc.PDFDictionary:
    """The pages' names (ISO 32000-1, 12.4.2), each a range of its own that is nothing but a prefix."""
    numbers: list[object] = []
    for at, label in enumerate(labels):
        entry = {"P": pdfdoc.PDFString(label)} if label else {"S": "/D", "St": at + 1}
        numbers += [at, pdfdoc.PDFDictionary(entry)]
    return pdfdoc.PDFDictionary({"Nums": pdfdoc.PDFArray(numbers)})


def _annotation(link: LinkArea, key: int) -> pdfdoc.PDFDictionary:
    action = pdfdoc.PDFDictionary({"S": "/URI", "URI": pdfdoc.PDFString(_ascii(link.href))})
    area: Area = link.area
    return pdfdoc.PDFDictionary(
        {
            "Type": "/Annot",
            "Subtype": "/Link",
            "Rect": pdfdoc.PDFArrayCompact([num(value) for value in area]),
            "Border": pdfdoc.PDFArrayCompact([0, 0, 0]),
            "F": 4,  # it prints, which the archive formats ask of every annotation
            "A": action,
            "Contents": pdfdoc.PDFString(link.href),
            "StructParent": key,
        }
    )


def _ascii(href: str) -> str:
    """An address as 7-bit text: what lies beyond is percent-encoded as UTF-8 (RFC 3987, 3.1)."""
    return "".join(char if " " < char <= "~" else "".join(f"%{byte:02X}" for byte in char.encode()) for char in href)
