"""A drawing's XML as a small tree. Nothing is fetched, no entity is declared, and size and depth have limits."""

from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

SVG: Final = "http://www.w3.org/2000/svg"
XHTML: Final = "http://www.w3.org/1999/xhtml"
_XLINK: Final = "http://www.w3.org/1999/xlink"
_XML: Final = "http://www.w3.org/XML/1998/namespace"
DEEPEST: Final = 64
MOST_ELEMENTS: Final = 50_000
MOST_TEXT: Final = 50_000
"""Characters of text in a drawing, and in one text a tenth of it: setting text takes more time than its length."""


class RefusedError(Exception):
    """A drawing that is not read on: after "The picture x.svg …", and what to do."""

    def __init__(self, reason: str, mend: str) -> None:
        super().__init__(reason)
        self.reason, self.mend = reason, mend


@dataclass(slots=True, eq=False)
class Element:
    """An element: its local name, "" for one of another vocabulary than SVG and XHTML."""

    name: str
    html: bool = False
    attributes: dict[str, str] = field(default_factory=dict)
    children: "list[Element | str]" = field(default_factory=list)

    @property
    def elements(self) -> "list[Element]":
        """The child elements."""
        return [child for child in self.children if not isinstance(child, str)]

    @property
    def text(self) -> str:
        """All characters below."""
        return "".join(child if isinstance(child, str) else child.text for child in self.children)


class _Reader:
    def __init__(self) -> None:
        self.root = Element("root")
        self.stack = [self.root]
        self.elements = self.characters = 0
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.text
        self.parser.EntityDeclHandler = self.entity
        self.parser.ExternalEntityRefHandler = lambda *_: 1  # an external DTD is passed over, never opened

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.elements += 1
        if self.elements > MOST_ELEMENTS:
            raise RefusedError(f"has more than {MOST_ELEMENTS:,} elements", _AS_PNG)
        if len(self.stack) > DEEPEST:
            raise RefusedError(f"is nested more than {DEEPEST} levels deep", _AS_PNG)
        space, _, name = tag.rpartition(" ")
        known = space in (SVG, XHTML, "")
        element = Element(name if known else "", space == XHTML)
        for key, value in attributes.items():
            where, _, short = key.rpartition(" ")
            if where in ("", _XLINK):
                element.attributes.setdefault(short, value)
            elif where == _XML and short == "space":
                element.attributes["xml:space"] = value
        self.stack[-1].children.append(element)
        self.stack.append(element)

    def end(self, tag: str) -> None:
        del tag
        self.stack.pop()

    def text(self, text: str) -> None:
        self.stack[-1].children.append(text)

    def entity(self, *declared: object) -> None:
        del declared
        raise RefusedError("declares entities of its own", "Save it again as plain SVG from a drawing program.")


_AS_PNG: Final = "Simplify it, or export it as PNG."


def read_tree(data: bytes) -> Element:
    """The root of a drawing; :class:`RefusedError` for what is no SVG, is too much, or declares entities."""
    reader = _Reader()
    try:
        reader.parser.Parse(data, True)
    except expat.ExpatError as error:
        told = expat.ErrorString(error.code) or "broken"
        mend = "Open it in a drawing program or a browser, and save it again."
        raise RefusedError(f"is no well-formed SVG: {told} in its line {error.lineno}", mend) from None
    except (ValueError, LookupError):  # an encoding that expat does not know
        raise RefusedError("is in an encoding that cannot be read", "Save it in UTF-8.") from None
    roots = reader.root.elements
    if not roots or roots[0].name != "svg" or roots[0].html:
        raise RefusedError("is XML, but no SVG", "PNG, JPEG, GIF, WebP and SVG can be shown.")
    return roots[0]
