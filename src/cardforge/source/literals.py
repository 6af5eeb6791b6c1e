"""Lists of objects in a component's prop, as JavaScript writes them: ``choices={[{text: "…", correct: true}, …]}``."""

import re
from collections.abc import Sequence

from cardforge.passage import Passage
from cardforge.source.block import BlockKind, RawBlock
from cardforge.source.tags import Prop, value_of
from cardforge.values import dataclass

Value = Passage | bool | None
"""A text with its place, a truth value, or None for anything else."""

_TOKEN = re.compile(
    r"\s+|//[^\n]*|/\*[\s\S]*?\*/"
    r"|(?P<text>\"(?:[^\"\\\n]|\\[\s\S])*+\"|'(?:[^'\\\n]|\\[\s\S])*+'|`(?:[^`\\]|\\[\s\S])*+`)"
    r"|(?P<word>[\w$.-]+)|(?P<sign>[\s\S])"
)
LISTS = ("choices", "options", "answers")
"""Props that hold options."""
_LIST = re.compile(rf"\b(?:{'|'.join(LISTS)})\s*=\s*\{{\s*\[")
_OPEN, _CLOSE = "{[(", "}])"


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    start: int
    end: int
    text: str


def has_options(block: RawBlock) -> bool:
    """Whether a block is a component with a list of options."""
    return block.kind is BlockKind.COMPONENT and block.summary is not None and bool(_LIST.search(block.summary.text))


def read_objects(told: Passage, prop: Prop) -> list[dict[str, Value]] | None:
    """The objects, or bare texts under the key "", of the list that a prop of ``told`` gives; None where it is none."""
    text = told.text
    tokens = [
        _Token(found.lastgroup, found.start(), found.end(), found[0])
        for found in _TOKEN.finditer(text, prop.start, prop.end)
        if found.lastgroup
    ]
    if not prop.braced or not tokens or tokens[0].text != "[" or tokens[-1].text != "]":
        return None
    return [_object(told, part) for part in _divided(tokens[1:-1]) if part]


def _divided(tokens: Sequence[_Token]) -> list[list[_Token]]:
    """Tokens cut at the commas outside all brackets."""
    parts: list[list[_Token]] = [[]]
    depth = 0
    for token in tokens:
        if token.kind == "sign":
            depth += (token.text in _OPEN) - (token.text in _CLOSE)
            if token.text == "," and depth == 0:
                parts.append([])
                continue
        parts[-1].append(token)
    return parts


def _object(told: Passage, tokens: Sequence[_Token]) -> dict[str, Value]:
    if tokens[0].text != "{" or tokens[-1].text != "}":
        return {"": _value(told, tokens)}
    found: dict[str, Value] = {}
    for part in _divided(tokens[1:-1]):
        match part:
            case [key, colon, *value] if colon.text == ":" and value:
                found[key.text.strip("\"'")] = _value(told, value)
            case [key] if key.kind == "word":
                found[key.text] = True
            case _:
                pass
    return found


def _value(told: Passage, tokens: Sequence[_Token]) -> Value:
    first, last = tokens[0], tokens[-1]
    if len(tokens) == 1 and first.text in ("true", "false"):
        return first.text == "true"
    if len(tokens) == 1 or first.text in ("(", "<"):
        return value_of(told, Prop(first.start, last.end, braced=True))
    return None
