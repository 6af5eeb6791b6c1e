"""The document's structure: a tree of elements beside the pages, which says what they hold and in what order one reads.

ISO 32000-1, 14.7: an element refers to the marked content of pages by numbers; a page refers back through the parent
tree. Elements are kept small and are written as bytes, for a large document has hundreds of thousands.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from cardforge.backends.pdf.content import Content
from cardforge.backends.pdf.objects import Objects, array, text_string
from cardforge.backends.pdf.tags import Path, Tag

_DEEPEST: Final = 6  # the lowest heading PDF has a name for


class _Element:
    """An element and what it holds: elements, and numbers of marked content or of links' annotations, with their page.

    ``number`` is that of its object. An annotation's is negative.
    """

    __slots__ = ("kids", "number", "parent", "role", "tag")

    def __init__(self, tag: Tag, role: str, number: int, parent: "_Element | None") -> None:
        self.tag, self.role, self.number, self.parent = tag, role, number, parent
        self.kids: list[_Element | tuple[int, int]] = []


class Structure:
    """Collects elements page by page, and writes them once all pages are there."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects
        self._elements: dict[Tag, _Element] = {}
        self._root = _Element(Tag("Document"), "Document", objects.reserve(), None)
        self._parents: list[bytes] = []
        self._heading = 0

    def add(self, content: Content, page: int) -> int:
        """Take what a page's content is of, the page counted from 0; returns the page's key in the parent tree."""
        numbers = []
        for mark, path in enumerate(content.marks):
            element = self._element(path)
            element.kids.append((page, mark))
            numbers.append(element.number)
        self._parents.append(array(numbers))
        return len(self._parents) - 1

    def add_link(self, path: Path, page: int, annotation: int) -> int:
        """Take an annotation for a part of its link; returns the annotation's key in the parent tree."""
        element = self._element(path)
        element.kids.append((page, -annotation))
        self._parents.append(b"%d 0 R" % element.number)
        return len(self._parents) - 1

    def _element(self, path: Path) -> _Element:
        found = self._elements.get(path[-1])
        if found is None:
            tag = path[-1]
            parent = self._element(path[:-1]) if len(path) > 1 else self._root
            role = self._numbered(tag.level) if tag.role == "H" else tag.role
            found = self._elements[tag] = _Element(tag, role, self._objects.reserve(), parent)
            parent.kids.append(found)
        return found

    def _numbered(self, wanted: int) -> str:
        """A heading's type: never more than one level below the heading before it (ISO 14289-1, 7.4.2)."""
        self._heading = min(wanted, self._heading + 1, _DEEPEST)
        return f"H{self._heading}"

    def write(self, pages: Sequence[int]) -> int:
        """Add the tree; returns the number of its root. ``pages`` are the numbers of the pages."""
        root = self._objects.reserve()
        for element in (self._root, *self._elements.values()):
            self._objects.put(element.number, b"".join(self._written(element, pages, root)))
        keys = b" ".join(b"%d %s" % (key, parents) for key, parents in enumerate(self._parents))
        tree = b"/ParentTree << /Nums [%s] >> /ParentTreeNextKey %d" % (keys, len(self._parents))
        self._objects.put(root, b"<< /Type /StructTreeRoot /K %d 0 R %s >>" % (self._root.number, tree))
        return root

    def _written(self, element: _Element, pages: Sequence[int], root: int) -> Iterator[bytes]:
        tag = element.tag
        parent = element.parent.number if element.parent else root
        yield b"<< /Type /StructElem /S /%s /P %d 0 R" % (element.role.encode("ascii"), parent)
        texts = {b"Alt": tag.alternative, b"ActualText": tag.actual, b"T": tag.title, b"Lang": tag.language}
        for key, text in texts.items():
            if text:
                yield b" /%s %s" % (key, text_string(text))
        if tag.attributes:
            yield b" /A << %s >>" % tag.attributes.encode("ascii")
        own = next((kid[0] for kid in element.kids if isinstance(kid, tuple)), None)
        if own is not None:
            yield b" /Pg %d 0 R" % pages[own]
        yield b" /K ["
        for kid in element.kids:
            match kid:
                case _Element():
                    yield b" %d 0 R" % kid.number
                case int(page), int(mark) if mark < 0:
                    yield b" << /Type /OBJR /Pg %d 0 R /Obj %d 0 R >>" % (pages[page], -mark)
                case int(page), int(mark) if page != own:
                    yield b" << /Type /MCR /Pg %d 0 R /MCID %d >>" % (pages[page], mark)
                case _, int(mark):
                    yield b" %d" % mark
        yield b" ] >>"
