"""Shape 4: cards as components, ``<Flashcard question="…">…</Flashcard>``, and folds as components, ``<Answer>``.

Which names mean a card, a fold or a field is one table; the settings add to it. A component without a field of its own
(``<FlashcardSet>``, ``<Tabs>``) is transparent: its text stays, its tags go (:mod:`cardforge.source.mdx`).
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import Enum, auto
from itertools import islice

from cardforge.diagnostics import Code, Sink, Span
from cardforge.model import Kind
from cardforge.passage import Line, Passage, join
from cardforge.source.block import BlockKind
from cardforge.source.fields import unlabel, unwrap
from cardforge.source.labels import NUMBERED
from cardforge.source.raw import RawCard
from cardforge.source.tags import Prop, Tag, Tags, tags_in, value_of
from cardforge.source.view import Claim, View, hint_in, kind_in
from cardforge.values import dataclass
from cardforge.vocabulary import Component, Vocabulary


class Role(Enum):
    """What a component is for."""

    CARD = auto()
    PERHAPS = auto()
    """A card if it holds a question."""
    FOLD = auto()
    """A fold if it has a title."""
    QUESTION = auto()
    ANSWER = auto()
    HINT = auto()


_NAMES: Mapping[Role, str] = {
    Role.CARD: "Flashcard FlashCard FlipCard Flipcard RevealCard StudyCard AnkiCard QACard QuizCard",
    Role.PERHAPS: "Card Quiz QuizQuestion QuizItem QA QnA QAndA SelfCheck KnowledgeCheck Exercise Problem",
    Role.FOLD: "Details Accordion AccordionItem Collapse Collapsible Expandable Toggle Spoiler Reveal Disclosure",
    Role.QUESTION: "Question Front Prompt",
    Role.ANSWER: "Answer Back Solution ShowAnswer",
    Role.HINT: "Hint",
}
_QUESTION = ("question", "front", "prompt", "q", "term")
_ANSWER = ("answer", "back", "solution", "a", "definition")
_HINT = ("hint",)
_TITLE = ("summary", "title", "label", "header", "heading")
_START = re.compile(r"[ \t]*+<(?P<close>/?)(?P<name>[A-Z][\w.]*)(?=[\s/>{]|$)")
_HEADING = re.compile(r"#{1,6}\s")
_LIST = re.compile(r"=\s*\{\s*\[\s*[^\]\s]")


def role_of(name: str, tag: str, vocabulary: Vocabulary) -> Role | None:
    """What a component is for, by its name (``Card.Front`` as ``Front``) or its slot; None for any other."""
    if name in vocabulary.components:
        return Role.CARD
    slot = re.search(r"\bslot=[\"'](\w+)[\"']", tag) if name == "Fragment" else None
    last = slot[1].capitalize() if slot else name.rpartition(".")[2]
    for role, field in ((Role.QUESTION, "question"), (Role.ANSWER, "answer"), (Role.HINT, "hint")):
        if any(last in getattr(each, field) for each in vocabulary.components.values()):
            return role
    return next((role for role, names in _NAMES.items() if last in names.split()), None)


@dataclass(frozen=True, slots=True)
class Found:
    """A component on the lines at hand: its tag, what stands in it, and where it ends, after ``column`` of a line."""

    kind: BlockKind
    tag: Passage
    inner: Passage
    summary: Passage | None
    line: int
    column: int


def opens_component(text: str, vocabulary: Vocabulary) -> bool:
    """Whether a line begins with the tag of a component that means something."""
    start = _START.match(text) if "<" in text else None
    return start is not None and role_of(start["name"], text, vocabulary) is not None


def find_component(file: str, lines: Callable[[], Iterable[Line]], vocabulary: Vocabulary, sink: Sink) -> Found | None:
    """What the component's tag at the beginning of the lines opens: a card, a fold, or, as a comment, nothing."""
    first = next(iter(lines()))
    start = _START.match(first.text)
    role = role_of(start["name"], first.text, vocabulary) if start else None
    if start is None or role is None:
        return None
    nothing = Passage(file, ())
    if start["close"]:
        end = first.text.find(">", start.end())
        return Found(BlockKind.COMMENT, nothing, nothing, None, 0, end + 1) if end >= 0 else None
    at = start.start("name") - 1
    whole, tag = _read_tag(file, lines(), at)
    place = Passage(file, (first,)).span(start.start("name"), start.end("name"))
    if tag is None:
        if role is Role.CARD:
            hint = "Close its quotes and braces, and end it with > or />."
            sink.add(Code.UNCLOSED_COMPONENT, place, f"This tag of <{start['name']}> is never ended.", hint)
        return None
    told = whole.part(at, tag.end)
    row = len(told.lines) - 1
    column = tag.end - sum(len(line.text) + 1 for line in whole.lines[:row])
    transparent = Found(BlockKind.COMMENT, nothing, nothing, None, row, column)
    asks = _prop(tag, _names(tag.name, "question", vocabulary)) is not None
    if role is Role.FOLD and not _prop(tag, _TITLE):
        return None if tag.name == "Details" else transparent
    if tag.alone and role is Role.PERHAPS and not asks:
        if _LIST.search(told.text):
            _report_unread(place, tag.name, "belong to no card", sink)
        return transparent
    if tag.alone:
        return _found(role, told, nothing, tag, row, column)
    last, until, after, closed = _find_end(tag.name, (line.text for line in lines()), row, column)
    inner = _inside(file, list(islice(lines(), row, last + 1)), column, until)
    if role is Role.CARD and not closed:
        hint = f"Put </{tag.name}> after its answer."
        sink.add(Code.UNCLOSED_COMPONENT, place, f"This <{tag.name}> is never closed.", hint)
    elif not closed:
        return transparent
    if role in (Role.CARD, Role.PERHAPS) and not asks:
        inside = _asks(inner, vocabulary)
        if inside > 1 or (role is Role.PERHAPS and not inside):
            return transparent
    return _found(role, told, inner, tag, last, after)


def report_nested(field: Passage, vocabulary: Vocabulary, sink: Sink) -> None:
    """Report cards that stand as components in a card's text: only what is inside their tags is read there."""
    if "<" not in field.text:
        return
    reader, starts = Tags(field.text), field.line_starts
    for row, found in tags_in(line.text for line in field.lines):
        if found["close"] or role_of(found["name"], "", vocabulary) is not Role.CARD:
            continue
        tag = reader.read(starts[row] + found.start())
        if tag and tag.props:
            place = field.span(starts[row] + found.start("name"), starts[row] + found.end("name"))
            _report_unread(place, tag.name, "are not read: it stands in another text", sink)


def _report_unread(place: Span, name: str, why: str, sink: Sink) -> None:
    hint = f'Write each card as a <{name} question="…"> of its own, outside of lists, quotes and answers.'
    sink.add(Code.UNCLAIMED_BLOCK, place, f"The texts in the tag of this <{name}> {why}.", hint)


def component(view: View, at: int) -> Claim | None:
    """Shape 4: a component with a question, its answer in it, in a prop or in the component after it."""
    block = view.blocks[at]
    if block.kind is not BlockKind.COMPONENT or block.summary is None or block.inner is None:
        return None
    told, words = block.summary, view.vocabulary
    tag = Tags(told.text).read(0)
    if tag is None:
        return None
    rest, children = _children(block.inner, words)
    question = _field(told, tag, "question", words) or children.get(Role.QUESTION)
    answer = _field(told, tag, "answer", words) or children.get(Role.ANSWER)
    if question is None and role_of(tag.name, told.text, words) is Role.QUESTION:
        question, rest = rest, Passage(view.file, ())
    hint = _field(told, tag, "hint", words) or children.get(Role.HINT)
    end = at + 1
    if answer is None and not rest:
        after = next((i for i in range(end, len(view.blocks)) if not _passed_over(view, i)), end)
        if after < len(view.blocks) and view.is_answer(after) and view.blocks[after].kind is BlockKind.DETAILS:
            hint = hint or hint_in(view, end, after)
            answer, end = view.blocks[after].inner, after + 1
    if answer is None:
        answer = rest
    elif rest and not children.get(Role.ANSWER):
        # The answer stands in a prop: what stands in the component explains it.
        answer = join(view.file, [*answer.lines, Line("", rest.lines[0].number), *rest.lines])
    asked, number = unlabel(unwrap(question or Passage(view.file, ())), NUMBERED)
    name = told.part(1, 1 + len(tag.name))
    kind = kind_in(view, Kind.FLASHCARD)
    return Claim(RawCard(kind, asked, answer, None, hint, number, component=name), at, end)


def asked_in(view: View, at: int, field: str) -> Passage | None:
    """What a prop or a child of the component at ``at`` gives for a field, or None."""
    block = view.blocks[at]
    if block.summary is None or block.inner is None:
        return None
    tag = Tags(block.summary.text).read(0)
    role = {"question": Role.QUESTION, "hint": Role.HINT}.get(field)
    child = _children(block.inner, view.vocabulary)[1].get(role) if role else None
    return (_field(block.summary, tag, field, view.vocabulary) if tag else None) or child


def _passed_over(view: View, at: int) -> bool:
    return view.blocks[at].kind is BlockKind.COMMENT or view.is_hint(at)


# ---- reading


def _read_tag(file: str, lines: Iterable[Line], at: int) -> tuple[Passage, Tag | None]:
    """The tag at ``at`` of the first line, and the lines that were looked at: few, unless the tag goes on."""
    opened: str | None = None

    def until_next() -> Iterable[Line]:
        nonlocal opened
        for line in lines:
            start = _START.match(line.text)
            if opened and start and start["name"] == opened:
                return  # the next of its kind: this one's tag was never ended
            opened = opened or (start["name"] if start else None)
            yield line

    ahead = iter(until_next())
    seen: list[Line] = []
    while True:
        more = list(islice(ahead, max(3 * len(seen), 1)))
        seen += more
        whole = Passage(file, tuple(seen))
        tag = Tags(whole.text).read(at)
        if tag or not more or len(whole.text) > _LONGEST_SEARCH:
            return whole, tag


_LONGEST_SEARCH = 16 * 1024


def _find_end(name: str, texts: Iterable[str], row: int, column: int) -> tuple[int, int, int, bool]:
    """Where a component's content ends: line, column, the column after its closing tag, and whether it has one.

    A card stands in no other: one that is never closed ends before the next, before a heading, or with the file.
    """
    close = re.compile(rf"</{re.escape(name)}\s*>")
    passed: list[str] = []
    headed: int | None = None

    def seen() -> Iterable[str]:
        nonlocal headed
        for text in islice(texts, row, None):
            if passed and headed is None and _HEADING.match(text):
                headed = len(passed)
            passed.append(text)
            yield text

    for line, tag in tags_in(seen()):
        if tag["name"] != name or (line == 0 and tag.start() < column):
            continue
        if tag["close"] and (closed := close.match(passed[line], tag.start())):
            return row + line, tag.start(), closed.end(), True
        if not tag["close"]:
            if headed is None or headed > line:
                return row + line, tag.start(), tag.start(), False
            break
    last = (len(passed) if headed is None else headed) - 1
    return row + last, len(passed[last]), len(passed[last]), False


def _inside(file: str, lines: Sequence[Line], column: int, until: int) -> Passage:
    """What stands on ``lines`` after ``column`` of the first and before ``until`` of the last."""
    if len(lines) == 1:
        return _flush(file, [lines[0].head(until).cut(column)])
    return _flush(file, [lines[0].cut(column), *lines[1:-1], lines[-1].head(until)])


def _found(role: Role, told: Passage, inner: Passage, tag: Tag, line: int, column: int) -> Found:
    name = told.part(1, 1 + len(tag.name)).lines[0]
    match role:
        case Role.FOLD:
            prop = _prop(tag, _TITLE)
            summary = value_of(told, prop) if prop else None
            return Found(BlockKind.DETAILS, told, inner, summary or Passage(told.file, ()), line, column)
        case Role.ANSWER | Role.HINT:
            # What the tag is called is what a fold's label would say.
            label = "Hint" if role is Role.HINT else "Answer"
            summary = Passage(told.file, (Line(label, name.number, name.column),))
            return Found(BlockKind.DETAILS, told, inner, summary, line, column)
        case _:
            return Found(BlockKind.COMPONENT, told, inner, told, line, column)


def _flush(file: str, lines: Sequence[Line]) -> Passage:
    """A component's content without the indentation its author gave all of it; the first line stands behind the tag."""
    first, *rest = lines
    filled = [line for line in rest if line.text.strip()]
    common = min((len(line.text) - len(line.text.lstrip(" ")) for line in filled), default=0)
    return join(file, [first.dedent(len(first.text)), *(line.dedent(common) for line in rest)])


# ---- fields


def _names(name: str, field: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    told = vocabulary.components.get(name, Component())
    match field:
        case "question":
            return told.question or _QUESTION
        case "answer":
            return told.answer or _ANSWER
        case "explanation":
            return ("explanation", "explain")
        case _:
            return told.hint or _HINT


def _prop(tag: Tag, names: Sequence[str]) -> Prop | None:
    return next((tag.props[name] for name in names if name in tag.props), None)


def _field(told: Passage, tag: Tag, field: str, vocabulary: Vocabulary) -> Passage | None:
    prop = _prop(tag, _names(tag.name, field, vocabulary))
    return (value_of(told, prop) or None) if prop else None


def _asks(inner: Passage, vocabulary: Vocabulary) -> int:
    """How many elements that are questions stand in a component."""
    texts = [line.text for line in inner.lines]
    opened = [(texts[i], tag) for i, tag in tags_in(texts) if not tag["close"]]
    return sum(role_of(tag["name"], text[tag.start() :], vocabulary) is Role.QUESTION for text, tag in opened)


def _children(inner: Passage, vocabulary: Vocabulary) -> tuple[Passage, dict[Role, Passage]]:
    """What stands in a component outside the elements that are its fields, and these by role."""
    found: dict[Role, Passage] = {}
    kept: list[Line] = []
    lines = list(inner.lines)
    while lines:
        texts = [line.text for line in lines]
        opening = _child(texts, vocabulary)
        if opening is None:
            break
        row, start, role = opening
        whole, tag = _read_tag(inner.file, lines[row:], start)
        told = whole.part(start, tag.end) if tag else Passage(inner.file, ())
        if tag is None or tag.alone or role in found:
            break
        first = row + len(told.lines) - 1
        column = tag.end - sum(len(line.text) + 1 for line in whole.lines[: first - row])
        last, until, after, _ = _find_end(tag.name, texts, first, column)
        found[role] = _inside(inner.file, lines[first : last + 1], column, until)
        kept += [*lines[:row], lines[row].head(start)]
        lines = [lines[last].cut(after), *lines[last + 1 :]]
    return join(inner.file, [*kept, *lines]), found


def _child(texts: Sequence[str], vocabulary: Vocabulary) -> tuple[int, int, Role] | None:
    for row, tag in tags_in(texts):
        role = None if tag["close"] else role_of(tag["name"], texts[row][tag.start() :], vocabulary)
        if role in (Role.QUESTION, Role.ANSWER, Role.HINT):
            return row, tag.start(), role
    return None
