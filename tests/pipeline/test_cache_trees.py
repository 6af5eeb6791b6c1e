"""Trees come back from the cache as they were, places included; what is no tree does not come back at all."""

import os
import random
from enum import Enum, StrEnum
from typing import Final, get_args

import pytest

from cardforge import doc
from cardforge.diagnostics import Span
from cardforge.doc import Block, Paragraph, Text
from cardforge.identity.content import digest
from cardforge.model import Body, Deck
from cardforge.pipeline.entries.trees import NODES, WORDS, Trees, Unread, from_bytes, plain, to_bytes, tree
from deck_notation import read_blocks
from github_texts import UnavailableError, examples

_FIELDS: Final = int(os.environ.get("FIELDS", "3000"))
"""Fields that are put together at random; ``FIELDS=20000`` for more."""
_PIECES: Final = (
    *(
        "words ",
        "*emphasis* ",
        "**strong** ",
        "`code` ",
        "~~gone~~ ",
        "$x^2$ ",
        "$$\\frac{a}{b}$$",
        "H~2~O ",
        "<kbd>a</kbd>",
    ),
    *(
        "[a link](https://example.org 'title') ",
        "<https://example.org> ",
        "![words](x.png) ",
        "![](sound.mp3) ",
        "&#xD800; ",
    ),
    *(
        "\n",
        "\n\n",
        "\n\n",
        "  \n",
        "- one\n- two\n",
        "1. one\n   - inner\n",
        "- [x] done\n- [ ] not\n",
        "> quoted\n",
        "\n---\n",
    ),
    *(
        "\n> [!NOTE]\n> told\n",
        "\n```python\nprint(1)\n```\n",
        "\n    indented\n",
        "\n| a | b |\n|:--|--:|\n| 1 | `2` |\n",
        "\n# Heading\n",
    ),
    *(
        "<details><summary>more</summary>\n\nwithin\n\n</details>\n",
        "<sub>low</sub> ",
        "<mark>seen</mark> ",
        "😀 ",
        "مرحبا ",
        "\\* ",
        "[^1]",
    ),
)


def _again(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    found: tuple[Block, ...] = tree(from_bytes(to_bytes(plain(blocks))))
    return found


def _assert_same(blocks: tuple[Block, ...]) -> None:
    assert _again(blocks) == blocks
    assert repr(_again(blocks)) == repr(blocks), "places take no part in comparison"


def test_generated_fields_come_back() -> None:
    chance = random.Random(1)  # noqa: S311 - the same fields every time
    seen: set[str] = set()
    for _ in range(_FIELDS):
        blocks = read_blocks("".join(chance.choices(_PIECES, k=chance.randrange(1, 12))))[0]
        _assert_same(blocks)
        seen |= {type(node).__name__ for node in doc.walk(blocks)}
    nodes = {kind.__name__ for kind in (*get_args(doc.Block), *get_args(doc.Inline))}
    assert nodes - seen <= {"Gap", "Audio"}


def test_the_examples_of_the_standards_come_back(ci: bool) -> None:  # noqa: FBT001 - a fixture is handed over by its name
    try:
        texts = examples()
    except UnavailableError as error:
        (pytest.fail if ci else pytest.skip)(f"NOT TESTED: {error}")
    for each in texts:
        _assert_same(read_blocks(each.text)[0])
    assert len(texts) > 600


def test_what_only_cards_have_comes_back() -> None:
    hole = doc.Hole(1, 2, 3)
    gap = doc.Gap(2, (Text("hidden"), doc.Audio("a.mp3", "said", "a-1.mp3")), "hint")
    _assert_same((doc.Paragraph((gap, doc.Math("x", None, (hole,)))), doc.CodeBlock("abc", "python", (hole, hole))))


def test_every_node_is_in_the_table() -> None:
    """A node that came to the tree has to come to the table: until then no file that has one is kept."""
    kinds = {*get_args(doc.Block), *get_args(doc.Inline), doc.ListItem, doc.Cell, doc.Hole, Span}
    assert kinds == set(NODES)
    assert {kind for kind in vars(doc).values() if isinstance(kind, type) and issubclass(kind, Enum)} - {
        Enum,
        StrEnum,
    } == set(WORDS)


@pytest.mark.parametrize("row", [[99], [24, "x"], [-9, "a"], [-1, "sideways"], [1], [1, "a", "b"], [[], 1], ["x"]])
def test_what_stands_for_no_tree_is_refused(row: list[object]) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        tree(row)


def test_a_body_reads_its_tree_when_it_is_asked_for() -> None:
    calls: list[str] = []
    blocks = (doc.Paragraph((Text("told"),)),)

    def load() -> list[bytes] | None:
        calls.append("load")
        return [b"told", to_bytes(plain(blocks))]

    def again() -> Deck:
        raise AssertionError

    body = Unread(Trees(load, again), 0, empty=False, media=("a.png",))
    assert (bool(body), body.media, calls) == (True, ("a.png",), [])
    assert body == Body("told", blocks)
    assert hash(body) == hash(Body("told", blocks))
    assert digest(body) == digest(Body("told", blocks)), "a note's content, wherever the field came from"
    assert (body.blocks, body.media, calls) == (blocks, (), ["load"])


@pytest.mark.parametrize("text", ["", "Why?", "a (b) é 字 𝒳", "x" * 300])
def test_a_body_of_mere_text_has_the_hash_of_its_tree(text: str) -> None:
    blocks = (Paragraph((Text(text),)),)
    assert digest(Body(text, blocks)) == digest(blocks)
    assert digest((Body(text, blocks), blocks)) == digest((blocks, blocks))
