"""An HTML string as a small element tree, read leniently."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
_CLOSES_P = frozenset(
    "address article aside blockquote details div dl fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr main "
    "nav ol p pre section table ul".split()
)
_SELF_NESTING = {
    "li": ("ul", "ol"),
    "tr": ("table",),
    "td": ("tr", "table"),
    "th": ("tr", "table"),
    "dt": ("dl",),
    "dd": ("dl",),
}
_SIBLINGS = {"td": ("td", "th"), "th": ("td", "th"), "dt": ("dt", "dd"), "dd": ("dt", "dd")}

KNOWN = VOID | frozenset(
    "a abbr acronym address applet article aside audio b bdi bdo big blockquote body button canvas caption center "
    "cite code colgroup data datalist dd del details dfn dialog dir div dl dt em fieldset figcaption figure font "
    "footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup html i iframe ins kbd label legend li main map "
    "mark marquee math menu meter nav noframes noscript object ol optgroup option output p picture pre progress q "
    "rp rt ruby s samp script search section select slot small span strike strong style sub summary sup svg table "
    "tbody td template textarea tfoot th thead time title tr tt u ul var video".split()
)
"""The elements of HTML, past and present: any other name in angle brackets may be plain text (``List<String>``)."""

DEEPEST = 100


class TooDeepError(Exception):
    """Elements are nested more than :data:`DEEPEST` deep."""


@dataclass(slots=True)
class Element:
    """An element: its lower-case tag, attributes without duplicates, and children.

    ``written`` is the start tag as in the text; ``closed`` says whether an end tag was found for it.
    """

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: "list[Element | str]" = field(default_factory=list)
    written: str = ""
    closed: bool = False

    @property
    def text(self) -> str:
        """All characters below."""
        return "".join(child if isinstance(child, str) else child.text for child in self.children)


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.stack = [Element("root")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _CLOSES_P and any(element.tag == "p" for element in self.stack):
            self._close("p", ("table", "blockquote", "li", "details", "div"))
        if tag in _SELF_NESTING:
            for sibling in _SIBLINGS.get(tag, (tag,)):
                self._close(sibling, _SELF_NESTING[tag])
        element = Element(tag, written=self.get_starttag_text() or "")
        for name, value in attrs:
            element.attributes.setdefault(name, value or "")
        self.stack[-1].children.append(element)
        if tag not in VOID:
            if len(self.stack) > DEEPEST:
                raise TooDeepError
            self.stack.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID and self.stack[-1].tag == tag:
            self.stack.pop().closed = True

    def handle_endtag(self, tag: str) -> None:
        if any(element.tag == tag for element in self.stack):
            self._close(tag, ())
        elif tag not in KNOWN:
            self.handle_data(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self.stack[-1].children.append(data)

    def _close(self, tag: str, within: tuple[str, ...]) -> None:
        for depth in range(len(self.stack) - 1, 0, -1):
            if self.stack[depth].tag == tag:
                self.stack[depth].closed = True
                del self.stack[depth:]
                return
            if self.stack[depth].tag in within:
                return


def parse_html(text: str) -> Element:
    """The elements of ``text`` under one root. Raises :class:`TooDeepError`; nothing else a text could cause."""
    builder = _Builder()
    # Declarations are no content, and the parser's time for unfinished ones grows with the square of their number.
    builder.feed(re.sub(r"<(?=[!?])", "&lt;", text))
    builder.close()
    return builder.stack[0]
