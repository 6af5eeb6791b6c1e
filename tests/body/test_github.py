"""A body means what it means on GitHub: our tree beside the tree of GitHub's own renderer."""

import importlib
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from cardforge.body.html import parse_html
from cardforge.body.places import Places
from cardforge.body.tree import Builder
from cardforge.diagnostics import Sink
from cardforge.doc import Block
from deck_notation import NoMedia, passage_of, read_blocks

BODIES = re.split(
    r"^=====\n",
    (Path(__file__).parent.parent / "cases" / "bodies" / "github.txt").read_text("utf-8"),
    flags=re.MULTILINE,
)

# Where we differ on purpose or by what Python-Markdown is, and why.
DIFFERENT = {
    "Words *emphasised*, **strong**, ***both*** and `code`.": "three stars: strong around emphasis; it looks the same",
    '![alt *em*](a.png "title")': "an alternative text is taken as it is written",
    "<b>\n\npara\n\n</b>": "an element that stands alone around paragraphs wraps them and marks nothing",
    "**日本語。**続き": "bold may end before a letter, as authors of Chinese and Japanese expect",
    "![img](<a b.png>)": "an image is a file's name, not an address, until it is found",
    "[a](x 'single') [b](y (paren))": "a title in brackets is not known",
}


def theirs(text: str, need: Callable[[str], str]) -> tuple[Block, ...]:
    """The tree of what GitHub's renderer makes of the text, comments aside."""
    need("cmarkgfm")
    cmark = importlib.import_module("cmarkgfm")
    unsafe = importlib.import_module("cmarkgfm.cmark").Options.CMARK_OPT_UNSAFE
    html = re.sub(r"<!--.*?-->", "", cmark.github_flavored_markdown_to_html(text, unsafe), flags=re.DOTALL)
    return Builder(Places(passage_of(text)), [], [], NoMedia(), Sink()).blocks(parse_html(html).children)


@pytest.mark.parametrize("body", [body.removesuffix("\n") for body in BODIES])
def test_a_body_is_what_github_makes_of_it(body: str, need: Callable[[str], str]) -> None:
    same = read_blocks(body)[0] == theirs(body, need)
    assert same is (body not in DIFFERENT)


def test_every_known_difference_is_a_body() -> None:
    assert {body.removesuffix("\n") for body in BODIES} >= set(DIFFERENT)
