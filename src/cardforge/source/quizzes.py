"""Shape 4 with options: ``<Question choices={[{text: "…", correct: true}, …]} />``, as quizzes of courses have them."""

from collections.abc import Sequence

from cardforge.model import Kind
from cardforge.passage import Line, Passage, join
from cardforge.source.block import RawBlock
from cardforge.source.choices import question_start
from cardforge.source.components import asked_in
from cardforge.source.fields import asked, unlabel, unwrap
from cardforge.source.labels import NUMBERED
from cardforge.source.literals import LISTS, Value, has_options, read_objects
from cardforge.source.raw import RawCard, RawOption
from cardforge.source.tags import Tag, Tags
from cardforge.source.view import Claim, View, hint_in, without_hints

_TEXT = ("text", "label", "option", "answer", "choice", "value", "content", "")
_RIGHT = ("correct", "isCorrect", "is_correct", "right")
_WHY = ("explain", "explanation", "feedback", "reason", "rationale", "comment")


def quiz(view: View, at: int) -> Claim | None:
    """The options of a component; its question stands in it, or before it as that of other options does."""
    block = view.blocks[at]
    if not has_options(block) or block.summary is None:
        return None
    told = block.summary
    tag = Tags(told.text).read(0)
    prop = next((tag.props[name] for name in LISTS if name in tag.props), None) if tag else None
    found = read_objects(told, prop) if prop else None
    if tag is None or not found:
        return None
    options = [(text, _is_right(each)) for each in found if (text := _first(each, _TEXT)) is not None]
    if len(options) != len(found):
        return None
    start, question, number = _question(view, at, tag)
    why = [
        Line(f"- **{chr(65 + i)}** {line.text}" if first else f"  {line.text}", line.number, line.column)
        for i, each in enumerate(found)
        if (reason := _first(each, _WHY)) is not None
        for first, line in zip([True, *([False] * len(reason.lines))], reason.lines, strict=False)
    ]
    explanation = asked_in(view, at, "explanation") or join(view.file, why)
    raw = tuple(RawOption(text, right) for text, right in options)
    hint = asked_in(view, at, "hint") or hint_in(view, start, at)
    return Claim(RawCard(Kind.CHOICE, question, explanation, None, hint, number, options=raw), start, at + 1)


def _question(view: View, at: int, tag: Tag) -> tuple[int, Passage, str]:
    """Where the card starts, its question and its number."""
    inside = asked_in(view, at, "question")
    if inside is None and tag.name != "Question" and view.blocks[at].inner:
        inside = view.blocks[at].inner
    if inside is not None:
        return at, *unlabel(unwrap(inside), NUMBERED)
    start = question_start(view, at, view.floor)
    blocks: Sequence[RawBlock] = without_hints(view, start, at)
    return (start, *asked(view.file, blocks, NUMBERED)) if blocks else (at, Passage(view.file, ()), "")


def _first(told: dict[str, Value], names: Sequence[str]) -> Passage | None:
    found = (told.get(name) for name in names)
    return next((value for value in found if isinstance(value, Passage) and value), None)


def _is_right(told: dict[str, Value]) -> bool:
    return any(told.get(name) is True for name in _RIGHT)
