"""Bounds the work that brackets and escapes make, each of which costs Python-Markdown a walk through its paragraph."""

import re

from cardforge.body.opaque import SPAN

_HARMLESS = 100
"""Opening brackets a paragraph may have without a second look."""
_HIGHEST = 8
"""Links cannot hold links: what encloses so many pairs is none."""
_TOKEN = re.compile(rf"\\\\.|{SPAN}|(?P<bracket>[\[\]]\(?|\(|\))", re.DOTALL)
_MOST_ESCAPES = 300
"""Escaped characters a paragraph may have: for each, Python-Markdown copies the paragraph."""
_ESCAPE = re.compile(rf"\\(?P<char>[!-/:-@\[-`{{-~])|{SPAN}")
# Characters Unicode keeps for a program's own use stand for those that Markdown must not see.
_HIDDEN = {ord(char): 0xFDD2 + i for i, char in enumerate("[](){}\\`*_#+-.!|<>~$&\"'/:=@^")}
_SHOWN = {hidden: f"&#{char};" for char, hidden in _HIDDEN.items()}
_BLANK = re.compile(r"(\n[ \t]*\n)")


def tame(text: str) -> str:
    """The text with brackets hidden that can make no link, and escaped characters, where a paragraph has very many."""
    if text.count("[") > _HARMLESS:
        parts = _BLANK.split(text)
        text = "".join(_tamed(part) if part.count("[") > _HARMLESS else part for part in parts)
    if text.count("\\") > _MOST_ESCAPES:
        parts = _BLANK.split(text)
        text = "".join(_ESCAPE.sub(_hide, part) if part.count("\\") > _MOST_ESCAPES else part for part in parts)
    return text


def shown(html: str) -> str:
    """What was hidden, as references to its characters."""
    return html.translate(_SHOWN)


def _hide(found: re.Match[str]) -> str:
    char = found["char"]
    return found[0] if char is None else char.translate(_HIDDEN)


def _tamed(text: str) -> str:
    plain: list[int] = []
    square: list[tuple[int, list[int]]] = []
    round_: list[tuple[int, list[int]]] = []
    for token in _TOKEN.finditer(text):
        if token["bracket"] is None:
            continue
        for at, char in enumerate(token["bracket"], token.start()):
            if char == "[":
                square.append((at, [0]))
            elif char == "(":
                round_.append((at, [0]))
            else:
                _close(square if char == "]" else round_, plain)
    # What was never closed makes no link either; a round bracket matters only where it is the target of one.
    plain += [at for at, _ in (*square, *round_)]
    out, position = [], 0
    for at in sorted(at for at in plain if text[at] == "[" or text[at - 1 : at] == "]"):
        out += [text[position:at], text[at].translate(_HIDDEN)]
        position = at + 1
    return "".join([*out, text[position:]])


def _close(stack: list[tuple[int, list[int]]], plain: list[int]) -> None:
    """Close the innermost bracket; one that encloses too many levels goes to ``plain``."""
    if not stack:
        return
    at, height = stack.pop()
    if height[0] >= _HIGHEST:
        plain.append(at)
    if stack:
        stack[-1][1][0] = max(stack[-1][1][0], height[0] + 1)
