"""Bounds the work that brackets make: Python-Markdown looks for the end of each through the whole paragraph."""

import re

from cardforge.body.opaque import SPAN

_HARMLESS = 100
"""Opening brackets a paragraph may have without a second look."""
_HIGHEST = 8
"""Links cannot hold links: what encloses so many pairs is none."""
_TOKEN = re.compile(rf"\\\\.|{SPAN}|(?P<bracket>[\[\]]\(?|\(|\))", re.DOTALL)
_BLANK = re.compile(r"(\n[ \t]*\n)")


def tame(text: str) -> str:
    """The text with a backslash before brackets that can make no link, where a paragraph has very many of them."""
    if text.count("[") <= _HARMLESS:
        return text
    parts = _BLANK.split(text)
    return "".join(_tamed(part) if part.count("[") > _HARMLESS else part for part in parts)


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
        out.append(text[position:at])
        position = at
    return "\\".join([*out, text[position:]])


def _close(stack: list[tuple[int, list[int]]], plain: list[int]) -> None:
    """Close the innermost bracket; one that encloses too many levels goes to ``plain``."""
    if not stack:
        return
    at, height = stack.pop()
    if height[0] >= _HIGHEST:
        plain.append(at)
    if stack:
        stack[-1][1][0] = max(stack[-1][1][0], height[0] + 1)
