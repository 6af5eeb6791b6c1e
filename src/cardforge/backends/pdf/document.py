"""The PDF file: pages, their resources, the outline and what the file says about itself.

ReportLab's document objects write it; its canvas is left out, since that sets a font of its own on every page, which
would be embedded nowhere. Whatever differs from ReportLab's ways is a subclass or an attribute of one object.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from reportlab.pdfbase import pdfdoc

from cardforge import __version__
from cardforge.backends.pdf.content import Area, Content, LinkArea, num
from cardforge.backends.pdf.drawings import Drawings
from cardforge.backends.pdf.embedding import Stream, embed
from cardforge.backends.pdf.fonts import Fonts
from cardforge.backends.pdf.inlines import clean

_VERSION: Final = (1, 7)


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
            "Creator": pdfdoc.PDFString(f"cardforge {__version__}"),
            "Producer": pdfdoc.PDFString("ReportLab"),
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
    """A PDF in the making. Sizes are in points."""

    title: str
    language: str
    drawings: Drawings
    fonts: Fonts = field(default_factory=Fonts)
    entries: list[Entry] = field(default_factory=list)
    _pdf: Any = field(init=False)

    def __post_init__(self) -> None:
        self._pdf = pdfdoc.PDFDocument(invariant=1, compression=1, pdfVersion=_VERSION, lang=clean(self.language))
        self._pdf.info = _Info()
        self._pdf.setTitle(clean(self.title))
        self.advise_printer("")

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

    def add_page(self, content: Content, width: float, height: float) -> None:
        """Add a page that shows a content stream."""
        data = "\n".join(content.operators).encode("ascii")
        page = pdfdoc.PDFPage()
        page.MediaBox = pdfdoc.PDFArrayCompact([num(value) for value in (0, 0, width, height)])
        page.Contents = Stream(data)
        resources: dict[str, object] = {"Font": pdfdoc.PDFObjectReference(pdfdoc.BasicFonts)}
        if content.names:
            resources["XObject"] = pdfdoc.PDFDictionary(
                {name: self._pdf.Reference(self.drawings.objects[name]) for name in content.names}
            )
        page.Resources = pdfdoc.PDFDictionary(resources)
        page.Annots = [self._pdf.Reference(_annotation(link)) for link in content.links]
        self._pdf.addPage(page)
        self._pdf.updateSignature(data)

    def to_bytes(self) -> bytes:
        """The finished file."""
        fonts = self._pdf.idToObject[pdfdoc.BasicFonts]
        for used in self.fonts.in_use.values():
            fonts[used.resource] = embed(used, self._pdf)
        self._pdf.outline = self._pdf.Outlines = self._pdf.Catalog.Outlines = _Outline(self.entries)
        if self.entries:
            self._pdf.Catalog.PageMode = "/UseOutlines"
        data: bytes = self._pdf.GetPDFData(None)
        return data


def _annotation(link: LinkArea) -> pdfdoc.PDFDictionary:
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
        }
    )


def _ascii(href: str) -> str:
    """An address as 7-bit text: what lies beyond is percent-encoded as UTF-8 (RFC 3987, 3.1)."""
    return "".join(char if " " < char <= "~" else "".join(f"%{byte:02X}" for byte in char.encode()) for char in href)
