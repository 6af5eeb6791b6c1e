"""The document's structure: a tree of elements beside the pages, which says what they hold and in what order one reads.

ISO 32000-1, 14.7: an element refers to the marked content of pages by numbers; a page refers back through the parent
tree. Elements are kept small and are written as bytes, for a large document has hundreds of thousands.
"""

from collections.abc import Iterator
from typing import Any, Final

from reportlab.pdfbase import pdfdoc

from cardforge.backends.pdf.content import Content
from cardforge.backends.pdf.tags import Path, Tag

_ROOT: Final = "StructTreeRoot"
_DEEPEST: Final = 6  # the lowest heading PDF has a name for


class _Element:
    """An element and what it holds: elements, marked content as page and number, links as the name of an annotation."""

    __slots__ = ("kids", "name", "parent", "role", "tag")

    def __init__(self, tag: Tag, role: str, name: str, parent: "_Element | None") -> None:
        self.tag, self.role, self.name, self.parent = tag, role, name, parent
        self.kids: list[_Element | tuple[int, int] | tuple[int, str]] = []


class Structure:
    """Collects elements page by page, and writes them once all pages are there."""

    def __init__(self, pdf: Any) -> None:
        self._pdf = pdf
        self._elements: dict[Tag, _Element] = {}
        self._root = _Element(Tag("Document"), "Document", "E0", None)
        self._parents: list[str | list[str]] = []
        self._heading = 0

    def add(self, content: Content, page: int) -> int:
        """Take what a page's content is of, the page counted from 0; returns the page's key in the parent tree."""
        names = []
        for number, path in enumerate(content.marks):
            element = self._element(path)
            element.kids.append((page, number))
            names.append(element.name)
        self._parents.append(names)
        return len(self._parents) - 1

    def add_link(self, path: Path, page: int, annotation: str) -> int:
        """Take an annotation for a part of its link; returns the annotation's key in the parent tree."""
        element = self._element(path)
        element.kids.append((page, annotation))
        self._parents.append(element.name)
        return len(self._parents) - 1

    def _element(self, path: Path) -> _Element:
        found = self._elements.get(path[-1])
        if found is None:
            tag = path[-1]
            parent = self._element(path[:-1]) if len(path) > 1 else self._root
            role = self._numbered(tag.level) if tag.role == "H" else tag.role
            found = self._elements[tag] = _Element(tag, role, f"E{len(self._elements) + 1}", parent)
            parent.kids.append(found)
        return found

    def _numbered(self, wanted: int) -> str:
        """A heading's type: never more than one level below the heading before it (ISO 14289-1, 7.4.2)."""
        self._heading = min(wanted, self._heading + 1, _DEEPEST)
        return f"H{self._heading}"

    def write(self) -> None:
        """Add the tree to the document's catalog."""
        pdf = self._pdf
        elements = [self._root, *self._elements.values()]
        for element in elements:
            pdf.Reference(b"", element.name)
        root = pdf.Reference(b"", _ROOT)
        pages = [self._number(f"Page{at + 1}") for at in range(len(pdf.Pages.pages))]
        for element in elements:
            pdf.idToObject[element.name] = b"".join(self._written(element, pages))
        tree = b" ".join(b"%d %s" % (key, self._named(names)) for key, names in enumerate(self._parents))
        top = self._number(self._root.name)
        numbers = b"/ParentTree << /Nums [%s] >> /ParentTreeNextKey %d" % (tree, len(self._parents))
        pdf.idToObject[_ROOT] = b"<< /Type /StructTreeRoot /K %s %s >>" % (top, numbers)
        pdf.Catalog.StructTreeRoot = root
        pdf.Catalog.MarkInfo = pdfdoc.PDFDictionary({"Marked": "true"})

    def _named(self, names: str | list[str]) -> bytes:
        if isinstance(names, str):
            return self._number(names)
        return b"[%s]" % b" ".join(map(self._number, names))

    def _number(self, name: str) -> bytes:
        return b"%d 0 R" % self._pdf.idToObjectNumberAndVersion[name][0]

    def _written(self, element: _Element, pages: list[bytes]) -> Iterator[bytes]:
        tag = element.tag
        parent = self._number(element.parent.name if element.parent else _ROOT)
        yield b"<< /Type /StructElem /S /%s /P %s" % (element.role.encode("ascii"), parent)
        texts = {b"Alt": tag.alternative, b"ActualText": tag.actual, b"T": tag.title, b"Lang": tag.language}
        for key, text in texts.items():
            if text:
                yield b" /%s %s" % (key, _text(text))
        if tag.attributes:
            yield b" /A << %s >>" % tag.attributes.encode("ascii")
        own = next((kid[0] for kid in element.kids if isinstance(kid, tuple)), None)
        if own is not None:
            yield b" /Pg %s" % pages[own]
        yield b" /K ["
        for kid in element.kids:
            match kid:
                case _Element():
                    yield b" %s" % self._number(kid.name)
                case int(page), int(number) if page == own:
                    yield b" %d" % number
                case int(page), int(number):
                    yield b" << /Type /MCR /Pg %s /MCID %d >>" % (pages[page], number)
                case int(page), str(annotation):
                    link = self._number(annotation)
                    yield b" << /Type /OBJR /Pg %s /Obj %s >>" % (pages[page], link)
        yield b" ] >>"


def _text(text: str) -> bytes:
    """A text string (ISO 32000-1, 7.9.2.2): in UTF-16 where it is not plain."""
    plain = text.isascii() and text.isprintable()
    data = text.encode("ascii") if plain else b"\xfe\xff" + text.encode("utf-16-be", "replace")
    for char in (b"\\", b"(", b")"):
        data = data.replace(char, b"\\" + char)
    return b"(%s)" % data.replace(b"\r", rb"\r")  # a bare CR would be read as a line feed
