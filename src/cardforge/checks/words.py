"""What a reader counts as words, in any script; and the words two texts may share."""

import math
import re
import unicodedata
from collections.abc import Iterable, Iterator

from cardforge.doc import (
    Audio,
    Block,
    Code,
    CodeBlock,
    Image,
    LineBreak,
    Math,
    MathBlock,
    Node,
    Text,
    children_of,
    walk,
)
from cardforge.model import Body

_RUN = re.compile(
    r"(?P<han>[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+)"
    r"|(?P<bare>[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]+)"
    r"|[^\W_]+(?:['’.\-][^\W_]+)*"
)
_ASCII_RUN = re.compile(r"[A-Za-z0-9]+(?:['.\-][A-Za-z0-9]+)*")
_SAID = r"[^\W_]+(?:['’][^\W_]+)*|[^\s\w.,;:!?\"'’‘“”()\[\]…–—*-]|(?<!\w)-(?=\w)"
_IS_SAID = re.compile(_SAID)
_IS_SAID_IN_ASCII = re.compile(_SAID, re.ASCII)
_HAN_IN_A_WORD = 2
_LETTERS_IN_A_WORD = 5


def count_words(blocks: Iterable[Block]) -> int:
    """How many words a person reads. A formula or a code span is one; blocks of code and pictures are none.

    Where a script sets no blanks, two Han or kana characters count as a word, and five letters of Thai, Lao, Burmese
    or Khmer.
    """
    return words_in(prose(blocks))


def words_in(text: str) -> int:
    """The same of a text."""
    if text.isascii():
        return len(_ASCII_RUN.findall(text))
    return sum(_weight(run) for run in _RUN.finditer(text))


def _weight(run: re.Match[str]) -> int:
    if run["han"]:
        return math.ceil(len(run["han"]) / _HAN_IN_A_WORD)
    return math.ceil(len(run["bare"]) / _LETTERS_IN_A_WORD) if run["bare"] else 1


def prose(blocks: Iterable[Node]) -> str:
    """The text of a tree as a sentence: each formula and code span is one word, X; blocks of code are none."""
    return " ".join("".join(_prose(blocks)).split())


def _prose(nodes: Iterable[Node]) -> Iterator[str]:
    for node in nodes:
        match node:
            case Text():
                yield node.text
            case Math() | MathBlock() | Code():
                yield "X"
            case CodeBlock() | Image() | Audio() | LineBreak():
                yield " "
            case _:
                yield from _prose(children_of(node))
                if isinstance(node, Block):
                    yield " "


class Sayings:
    """What bodies say, each read once. The bodies have to live as long."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[str, ...]] = {}

    def of(self, body: Body) -> tuple[str, ...]:
        """The words of a body, by :func:`said`."""
        words = self._known.get(id(body))
        if words is None:
            words = self._known[id(body)] = said(body.blocks)
        return words


def said(nodes: Iterable[Node]) -> tuple[str, ...]:
    """All that nodes say, as comparable words in order: letter case, accents' form and punctuation aside."""
    parts: list[str] = []
    for node in walk(nodes):
        match node:
            case Text() | Code() | CodeBlock():
                parts.append(node.text)
            case Math() | MathBlock():
                parts.append(f" {node.tex} ")
            case Image() | Audio():
                parts.append(f" {node.media or node.src} ")
            case LineBreak():
                parts.append(" ")
            case _ if isinstance(node, Block):
                parts.append(" ")
            case _:
                pass
    text = "".join(parts)
    if text.isascii():
        return tuple(_IS_SAID_IN_ASCII.findall(text.lower()))
    return tuple(_IS_SAID.findall(unicodedata.normalize("NFKC", text).casefold()))
