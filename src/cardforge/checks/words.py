"""What a reader counts as words, in any script; and the words two texts may share."""

import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import islice

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
    Paragraph,
    Text,
    children_of,
    mere_text,
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
_APART = bytes(each if chr(each).isalnum() else 32 for each in range(128)).ljust(256)
"""Divides ASCII into no fewer parts than it has words."""
_HAN_IN_A_WORD = 2
_LETTERS_IN_A_WORD = 5


def count_words(blocks: Sequence[Block]) -> int:
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


def count_more_words(text: str, most: int) -> int:
    """How many words a text has where it has more than ``most``, else 0: that is soon told of most texts."""
    if len(text) <= most or (text.isascii() and len(text.encode().translate(_APART).split()) <= most):
        return 0
    words = words_in(text)
    return words if words > most else 0


def _weight(run: re.Match[str]) -> int:
    if run["han"]:
        return math.ceil(len(run["han"]) / _HAN_IN_A_WORD)
    return math.ceil(len(run["bare"]) / _LETTERS_IN_A_WORD) if run["bare"] else 1


def prose(blocks: Sequence[Node]) -> str:
    """The text of a tree as a sentence: each formula and code span is one word, X; blocks of code are none."""
    text = mere_text(blocks)
    if text is None:
        words: list[str] = []
        _add_prose(blocks, words)
        text = "".join(words)
    return " ".join(text.split())


def _add_prose(nodes: Iterable[Node], words: list[str]) -> None:
    for node in nodes:
        match node:
            case Text():
                words.append(node.text)
            case Paragraph():
                _add_prose(node.children, words)
                words.append(" ")
            case Math() | MathBlock() | Code():
                words.append("X")
            case CodeBlock() | Image() | Audio() | LineBreak():
                words.append(" ")
            case _:
                _add_prose(children_of(node), words)
                if isinstance(node, Block):
                    words.append(" ")


class Sayings:
    """What bodies say, each read once. The bodies have to live as long."""

    def __init__(self) -> None:
        self._texts: dict[int, str] = {}
        self._words: dict[int, tuple[str, ...]] = {}

    def text(self, body: Body) -> str:
        """What :func:`words_of` finds the words of a body in."""
        text = self._texts.get(id(body))
        if text is None:
            text = mere_text(body.blocks)
            text = self._texts[id(body)] = _text(body.blocks) if text is None else text
        return text

    def of(self, body: Body) -> tuple[str, ...]:
        """The words of a body, by :func:`said`."""
        words = self._words.get(id(body))
        if words is None:
            words = self._words[id(body)] = words_of(self.text(body))
        return words


def said(nodes: Iterable[Node]) -> tuple[str, ...]:
    """All that nodes say, as comparable words in order: letter case, accents' form and punctuation aside."""
    return words_of(_text(nodes))


def words_of(text: str) -> tuple[str, ...]:
    """The same of a text."""
    if text.isascii():
        return tuple(_IS_SAID_IN_ASCII.findall(text.lower()))
    return tuple(_IS_SAID.findall(_comparable(text)))


def few_words_of(text: str, most: int) -> tuple[str, ...] | None:
    """The same where there are so many at most."""
    found = _IS_SAID_IN_ASCII.finditer(text.lower()) if text.isascii() else _IS_SAID.finditer(_comparable(text))
    words = tuple([each[0] for each in islice(found, most + 1)])
    return words if len(words) <= most else None


def _comparable(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _text(nodes: Iterable[Node]) -> str:
    parts: list[str] = []
    _add_text(nodes, parts)
    return "".join(parts)


def _add_text(nodes: Iterable[Node], parts: list[str]) -> None:
    for node in nodes:
        match node:
            case Text() | Code() | CodeBlock():
                parts.append(node.text)
            case Math() | MathBlock():
                parts.append(f" {node.tex} ")
            case Image() | Audio():
                parts.append(f" {node.media or node.src} ")
            case LineBreak():
                parts.append(" ")
            case Paragraph():
                parts.append(" ")
                _add_text(node.children, parts)
            case _:
                if isinstance(node, Block):
                    parts.append(" ")
                _add_text(children_of(node), parts)
