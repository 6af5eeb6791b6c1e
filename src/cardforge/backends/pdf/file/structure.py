"""The document's structure: a tree of elements beside the pages, which says what they hold and in what order one reads.

ISO 32000-1, 14.7: an element refers to the marked content of pages by numbers; a page refers back through the parent
tree. Elements are kept small and are written as bytes, for a large document has hundreds of thousands.
"""

from typing import Final

from cardforge.backends.pdf.canvas.content import Content
from cardforge.backends.pdf.canvas.tags import Path, Tag
from cardforge.backends.pdf.file.objects import Objects, reference, references, text_string

_DEEPEST: Final = 6  # the lowest heading PDF has a name for


class _Element:
    """An element: the number of its object, the number of the page it is on first (0 before), its body so far.

    ``told`` is what it is, ``kids`` what it holds, both as the file will have them.
    """

    __slots__ = ("kids", "number", "page", "told")

    def __init__(self, number: int, told: bytes) -> None:
        self.number, self.told, self.page = number, told, 0
        self.kids = b""

    @property
    def body(self) -> bytes:
        """The element's dictionary."""
        page = b" /Pg %d 0 R" % self.page if self.page else b""
        return b"<< /Type /StructElem%s%s /K [%s ] >>" % (self.told, page, self.kids)


class Structure:
    """Collects elements page by page, and writes them once all pages are there."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects
        self._elements: dict[Tag, _Element] = {}
        self._number = objects.reserve()
        self._root = objects.reserve()
        self._parts: list[bytes] = []
        self._parents: list[bytes] = []
        self._heading = 0

    def add(self, content: Content, page: int) -> int:
        """Take what a page's content is of, by the number of the page; returns the page's key in the parent tree."""
        numbers = []
        for mark, path in enumerate(content.marks):
            element = self._element(path)
            element.page = element.page or page
            known = element.page == page
            element.kids += b" %d" % mark if known else b" << /Type /MCR /Pg %d 0 R /MCID %d >>" % (page, mark)
            numbers.append(element.number)
        self._parents.append(references(numbers))
        return len(self._parents) - 1

    def add_link(self, path: Path, page: int, annotation: int) -> int:
        """Take an annotation for a part of its link; returns the annotation's key in the parent tree."""
        element = self._element(path)
        element.kids += b" << /Type /OBJR /Pg %d 0 R /Obj %d 0 R >>" % (page, annotation)
        self._parents.append(reference(element.number))
        return len(self._parents) - 1

    def _element(self, path: Path) -> _Element:
        tag = path[-1]
        found = self._elements.get(tag)
        if found is None:
            above = self._element(path[:-1]) if len(path) > 1 else None
            role = self._numbered(tag.level) if tag.role == "H" else tag.role
            number = self._objects.reserve()
            told = _told(tag, role, above.number if above else self._root)
            found = self._elements[tag] = _Element(number, told)
            if above:
                above.kids += b" " + reference(number)
            else:
                self._parts.append(reference(number))
        return found

    def _numbered(self, wanted: int) -> str:
        """A heading's type: never more than one level below the heading before it (ISO 14289-1, 7.4.2)."""
        self._heading = min(wanted, self._heading + 1, _DEEPEST)
        return f"H{self._heading}"

    def write(self) -> int:
        """Add the tree; returns the number of its root."""
        while self._elements:  # each is let go when its bytes are there
            _, element = self._elements.popitem()
            self._objects.put(element.number, element.body)
        told = b"<< /Type /StructElem /S /Document /P %d 0 R /K [%s] >>"
        self._objects.put(self._root, told % (self._number, b" ".join(self._parts)))
        keys = b" ".join(b"%d %s" % (key, parents) for key, parents in enumerate(self._parents))
        tree = b"/ParentTree << /Nums [%s] >> /ParentTreeNextKey %d" % (keys, len(self._parents))
        self._objects.put(self._number, b"<< /Type /StructTreeRoot /K %d 0 R %s >>" % (self._root, tree))
        return self._number


def _told(tag: Tag, role: str, parent: int) -> bytes:
    """What an element is, and what it lies in."""
    told = b" /S /%s /P %d 0 R" % (role.encode("ascii"), parent)
    texts = {b"Alt": tag.alternative, b"ActualText": tag.actual, b"T": tag.title, b"Lang": tag.language}
    for key, text in texts.items():
        if text:
            told += b" /%s %s" % (key, text_string(text))
    return told + b" /A << %s >>" % tag.attributes.encode("ascii") if tag.attributes else told
