"""Targets, titles and labels of links (CommonMark 0.31, sections 4.7 and 6.3), and what definitions say."""

import re
import sys
from collections.abc import Callable
from dataclasses import field
from html.entities import html5
from urllib.parse import quote

from cardforge.body.nodes import Node
from cardforge.values import dataclass

PUNCTUATION = "!-/:-@\\[-`{-~"
ENTITY = re.compile(r"&(?:#[xX][0-9a-fA-F]{1,6}|#[0-9]{1,8}|[A-Za-z][A-Za-z0-9]{1,31});")
_ESCAPED = re.compile(rf"\\([{PUNCTUATION}])|{ENTITY.pattern}")
_SURROGATES = (0xD800, 0xDFFF)
LONGEST_LABEL = 999
_DEEPEST_TARGET = 32
# What is set aside and the marks of gaps go through: they are resolved later.
_UNSAFE = re.compile("[^\\w!#$%&'()*+,./:;=?@~\ufdd0\ufdd1-]+|[^\\W\\d_a-zA-Z]+|[^\x00-\x7f\ufdd0\ufdd1]+")
_LABEL = re.compile(r"\[((?:[^\\\[\]]|\\.){0,1000}+)\]", re.DOTALL)
_POINTED = re.compile(r"<((?:[^<>\\\n]|\\.)*+)>")
_TITLE = re.compile(
    r"\"((?:[^\"\\]|\\.)*+)\"|'((?:[^'\\]|\\.)*+)'|\(((?:[^()\\]|\\.)*+)\)",
    re.DOTALL,
)
_BLANKS = re.compile(r"[ \t]*(?:\n[ \t]*)?")
_REST = re.compile(r"[ \t]*(?:\n|$)")


@dataclass(frozen=True, slots=True)
class Target:
    """Where a link leads."""

    href: str
    title: str = ""


@dataclass(slots=True)
class Definitions:
    """What a text defines, by normalised label: where links lead, and its footnotes."""

    targets: dict[str, Target] = field(default_factory=dict)
    notes: dict[str, Node] = field(default_factory=dict)


def normal_label(label: str) -> str:
    """A label as labels are compared: case folded, blanks collapsed."""
    return " ".join(label.split()).casefold()


def entity(written: str) -> str:
    """The characters a character reference stands for; itself where there is no such reference."""
    name = written[1:-1]
    if name.startswith("#"):
        number = int(f"0{name[1:]}", 16) if name[1] in "xX" else int(name[1:])
        sound = 0 < number <= sys.maxunicode and not _SURROGATES[0] <= number <= _SURROGATES[1]
        return chr(number) if sound else "\ufffd"
    return html5.get(f"{name};", written)


def unescaped(text: str) -> str:
    """Text without the backslashes of escapes, and with references as their characters."""
    return _ESCAPED.sub(lambda found: found[1] or entity(found[0]), text)


def address(text: str) -> str:
    """An address with what no address may hold in percents, as GitHub writes it."""
    return _UNSAFE.sub(lambda found: quote(found[0].encode("utf-8", "replace")), text)


def read_target(text: str, at: int) -> tuple[str, int] | None:
    """The link destination at ``text[at]`` and where it ends."""
    if text.startswith("<", at):
        pointed = _POINTED.match(text, at)
        return (unescaped(pointed[1]), pointed.end()) if pointed else None
    depth, end = 0, at
    while end < len(text) and text[end] > " " and text[end] != "\x7f":
        char = text[end]
        if char == "\\" and end + 1 < len(text) and re.match(f"[{PUNCTUATION}]", text[end + 1]):
            end += 1
        elif char == "(":
            depth += 1
            if depth > _DEEPEST_TARGET:
                return None
        elif char == ")":
            if not depth:
                break
            depth -= 1
        end += 1
    return (unescaped(text[at:end]), end) if not depth else None


def read_title(text: str, at: int) -> tuple[str, int] | None:
    """The link title at ``text[at]`` and where it ends."""
    found = _TITLE.match(text, at)
    if found is None or re.search(r"\n[ \t]*\n", found[0]):
        return None
    return unescaped(found[1] or found[2] or found[3] or ""), found.end()


def read_inline_target(text: str, at: int) -> tuple[Target, int] | None:
    """What stands in round brackets after a link's words, from after the opening one to after the closing one."""
    at = _BLANKS.match(text, at).end()  # type: ignore[union-attr] # it matches the empty text
    target = read_target(text, at)
    if target is None:
        return None
    href, at = target
    after = _BLANKS.match(text, at).end()  # type: ignore[union-attr] # the same
    title = ""
    if after > at and (told := read_title(text, after)):
        title, after = told
        after = _BLANKS.match(text, after).end()  # type: ignore[union-attr] # the same
    return (Target(href, title), after + 1) if text.startswith(")", after) else None


def read_label(text: str, at: int) -> tuple[str, int] | None:
    """The link label at ``text[at]``, not normalised and perhaps empty, and where it ends."""
    found = _LABEL.match(text, at)
    return (found[1], found.end()) if found and len(found[1]) <= LONGEST_LABEL else None


def read_definitions(text: str, keep: Callable[[str, Target], object]) -> int:
    """Hand the definitions a paragraph begins with to ``keep``; where they end."""
    at = 0
    while text.startswith("[", at):
        label = read_label(text, at)
        if label is None or not label[0].strip() or not text.startswith(":", label[1]):
            break
        start = _BLANKS.match(text, label[1] + 1).end()  # type: ignore[union-attr] # it matches the empty text
        target = read_target(text, start)
        if target is None or target[1] == start:
            break
        href, end = target
        after = _BLANKS.match(text, end).end()  # type: ignore[union-attr] # the same
        told = read_title(text, after) if after > end else None
        closed = _REST.match(text, told[1]) if told else None
        title = told[0] if told and closed else ""
        closed = closed or _REST.match(text, end)
        if closed is None:
            break
        keep(label[0], Target(href, title))
        at = closed.end()
    return at
