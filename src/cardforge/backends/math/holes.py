"""A formula with gaps, as it is asked and as it is answered.

What a gap hides need not be a formula by itself (a fraction's two arguments, say). Where the rest cannot be set without
it, the whole formula is hidden.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from cardforge.backends.math import refusal
from cardforge.doc import Hole

_COMMAND: Final = re.compile(r"(?<!\\)\\[a-zA-Z]{1,30}\s*\Z")
_BLANK: Final = r"{\boxed{\phantom{00}}}"


def asked(tex: str, holes: Sequence[Hole], *, display: bool) -> str | None:
    """The formula with an empty box for each gap; None if it cannot be set so."""
    if _holds_arguments(tex, holes):
        return None
    return _read(_replaced(tex, holes, lambda _: _BLANK), display=display)


def answered(tex: str, holes: Sequence[Hole], *, display: bool) -> str:
    """The formula with a line under what its gaps hide; as it is where it cannot be set so."""
    if _holds_arguments(tex, holes):
        return tex
    return _read(_replaced(tex, holes, lambda hidden: rf"\underline{{{hidden}}}"), display=display) or tex


def outermost(holes: Iterable[Hole]) -> list[Hole]:
    """The holes that lie in no other."""
    found: list[Hole] = []
    for hole in holes:
        if not found or hole.start >= found[-1].end:
            found.append(hole)
    return found


def _holds_arguments(tex: str, holes: Iterable[Hole]) -> bool:
    """Whether a gap hides the arguments of the command before it: without them, it would take what stands after."""
    return any(tex.startswith("{", hole.start) and _COMMAND.search(tex, 0, hole.start) for hole in holes)


def _replaced(tex: str, holes: Iterable[Hole], write: Callable[[str], str]) -> str:
    parts: list[str] = []
    position = 0
    for hole in outermost(holes):
        parts += [tex[position : hole.start], write(tex[hole.start : hole.end])]
        position = hole.end
    return "".join([*parts, tex[position:]])


def _read(tex: str, *, display: bool) -> str | None:
    return None if refusal(tex, display=display) else tex
