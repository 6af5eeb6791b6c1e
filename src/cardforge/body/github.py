"""Sets Python-Markdown up to read a text as GitHub does: its blocks by :mod:`normal`, its inlines by patterns here."""

import re
import string
from xml.etree.ElementTree import Element

from markdown import Extension, Markdown
from markdown.inlinepatterns import BacktickInlineProcessor, InlineProcessor
from markdown.preprocessors import Preprocessor
from markdown.util import AtomicString

from cardforge.body.normal import ListFacts, Normalizer


class NormalForm(Preprocessor):
    """Writes the text in normal form and sets raw HTML blocks aside; ``lists`` are the facts of the last text."""

    lists: list[ListFacts]

    def run(self, lines: list[str]) -> list[str]:
        """The lines in normal form."""
        normalizer = Normalizer(self.md.htmlStash.store)
        done = normalizer.run(lines)
        self.lists = normalizer.lists
        return done


class _Strike(InlineProcessor):
    """``~~struck~~`` or ``~struck~``."""

    def handleMatch(  # type: ignore[override] # noqa: N802 - the library's name, typed for its older patterns
        self,
        m: re.Match[str],
        data: str,  # noqa: ARG002 - the library's signature
    ) -> tuple[Element, int, int]:
        element = Element("del")
        element.text = m["text"]
        return element, m.start(0), m.end(0)


class _HardBreak(InlineProcessor):
    """A backslash at the end of a line."""

    def handleMatch(  # type: ignore[override] # noqa: N802 - the library's name, typed for its older patterns
        self,
        m: re.Match[str],
        data: str,  # noqa: ARG002 - the library's signature
    ) -> tuple[Element, int, int]:
        return Element("br"), m.start(0), m.end(0)


class _BareAddress(InlineProcessor):
    """A web address without markup (GFM 0.29, section 6.9)."""

    ANCESTOR_EXCLUDES = ("a",)

    def handleMatch(  # type: ignore[override] # noqa: N802 - the library's name, typed for its older patterns
        self,
        m: re.Match[str],
        data: str,  # noqa: ARG002 - the library's signature
    ) -> tuple[Element | None, int | None, int | None]:
        address = m[0].rstrip("?!.,:*_~'\"")
        while address.endswith(")") and address.count(")") > address.count("("):
            address = address[:-1].rstrip("?!.,:*_~'\"")
        if len(address) <= len(m[1]):
            return None, None, None
        element = Element("a", {"href": address if m[1].lower() != "www." else f"http://{address}"})
        element.text = AtomicString(address)
        return element, m.start(0), m.start(0) + len(address)


class GitHub(Extension):
    """The differences in blocks and inlines that one instance of Python-Markdown is set up with."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - the library's name
        """Register the processors."""
        self.normal_form = NormalForm(md)
        md.preprocessors.register(self.normal_form, "html_block", 20)
        # A run is bounded: each mark without an end would be looked for through the whole paragraph.
        strike = r"(?<!~)(~{1,2})(?=[^\s~])(?P<text>[^~]{0,2000}?[^\s~])\1(?!~)"
        md.ESCAPED_CHARS = list(string.punctuation)  # CommonMark 0.31, section 2.4
        md.inlinePatterns.register(_Strike(strike, md), "strike", 65)
        md.inlinePatterns.register(_HardBreak(r"\\\n", md), "hard_break", 185)
        # As the library's, but a run of backticks is taken whole: taken apart, each part would be looked for again.
        span = r"(?:(?<!\\)((?:\\{2})+)(?=`+)|(?<![\\`])(`++)(.+?)(?<!`)\2(?!`))"
        md.inlinePatterns.register(BacktickInlineProcessor(span), "backtick", 190)
        address = r"(?<![\w/.])(https?://|www\.)(?=[\w\[])[^\s<\x02\x03\ufdd0\ufdd1]{1,2000}"
        md.inlinePatterns.register(_BareAddress(address, md), "bare_address", 85)
