"""A body means what it means on GitHub: our tree beside the tree of GitHub's own renderer."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from deck_notation import read_blocks
from github_trees import theirs

BODIES = re.split(
    r"^=====\n",
    (Path(__file__).parent.parent / "cases" / "bodies" / "github.txt").read_text("utf-8"),
    flags=re.MULTILINE,
)

# Where we differ on purpose, and why.
DIFFERENT = {
    "<b>\n\npara\n\n</b>": "an element that stands alone around paragraphs wraps them and marks nothing",
    "**日本語。**続き": "bold may end before a letter, as authors of Chinese and Japanese expect",
    "![img](<a b.png>)": "an image is a file's name, not an address, until it is found",
}


@pytest.mark.parametrize("body", [body.removesuffix("\n") for body in BODIES])
def test_a_body_is_what_github_makes_of_it(body: str, need: Callable[[str], str]) -> None:
    need("cmarkgfm")
    same = read_blocks(body)[0] == theirs(body)
    assert same is (body not in DIFFERENT)


def test_every_known_difference_is_a_body() -> None:
    assert {body.removesuffix("\n") for body in BODIES} >= set(DIFFERENT)
