"""The tree of what GitHub's own renderer, cmark-gfm, makes of a text, to hold ours against."""

import importlib
import re

from cardforge.body.html import parse_html
from cardforge.body.links import address
from cardforge.body.places import Places
from cardforge.body.tree import Builder
from cardforge.diagnostics import Sink
from cardforge.doc import Block
from deck_notation import NoMedia, passage_of

_BACK = re.compile(r'\s*<a href="#fnref[^>]*>.*?↩(?:<sup.*?</sup>)?</a>', re.DOTALL)
_NOTE = re.compile(r'<sup class="footnote-ref"><a [^>]*>(\d+)</a></sup>')
_SRC = re.compile(r"src='((?:[^'\\\\]|\\\\.)*)'")
_SPAN = re.compile(r"span=Span\([^()]*\)")
_OMITTED = "<!-- raw HTML omitted -->"


def html_of(text: str, *, safe: bool = False) -> str:
    """The HTML of a text, with footnotes; ``safe`` is with a comment in the place of raw HTML."""
    cmark = importlib.import_module("cmarkgfm")
    options = importlib.import_module("cmarkgfm.cmark").Options
    how = options.CMARK_OPT_FOOTNOTES | (0 if safe else options.CMARK_OPT_UNSAFE)
    return str(cmark.github_flavored_markdown_to_html(text, how))


def has_html(text: str) -> bool:
    """Whether GitHub's renderer finds HTML in a text."""
    return _OMITTED in html_of(text, safe=True) and _OMITTED not in text


def same(ours: tuple[Block, ...], others: tuple[Block, ...]) -> bool:
    """Whether two trees mean the same; a picture's address may be written with or without percents."""
    return _addressed(ours) == _addressed(others)


def _addressed(blocks: tuple[Block, ...]) -> str:
    return _SRC.sub(lambda found: f"src={address(found[1])!r}", _SPAN.sub("span=None", repr(blocks)))


def theirs(text: str) -> tuple[Block, ...]:
    """The tree. Comments are no content; a card's footnotes need no way back."""
    html = re.sub(r"<!--.*?-->", "", html_of(text), flags=re.DOTALL)
    html = _NOTE.sub(r"<sup>\1</sup>", _BACK.sub("", html))
    return Builder(Places(passage_of(text)), [], NoMedia(), Sink()).blocks(parse_html(html).children)
