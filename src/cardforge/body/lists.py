"""Lists and tables: from elements to nodes, with what Python-Markdown does not tell or gets wrong put right."""

import re
from collections.abc import Callable, Iterable, Sequence

from cardforge.body.html import Element
from cardforge.body.normal import ListFacts
from cardforge.body.runs import flat, trim
from cardforge.doc import Align, Block, Cell, List, ListItem, Paragraph, Table, Text

_LIST = re.compile("\ufdd0L(\\d+)\ufdd1")


def read_lists(
    element: Element, facts_of: Sequence[ListFacts], blocks: Callable[[Iterable[Element | str]], tuple[Block, ...]]
) -> Iterable[Block]:
    """The lists of an element: one, or several that Markdown tells by their marks."""
    start = element.attributes.get("start", "1")
    first = (int(start) if re.fullmatch(r"\d{1,9}", start) else 1) if element.tag == "ol" else None
    done: list[tuple[list[ListItem], ListFacts, int | None]] = []
    for child in element.children:
        if isinstance(child, str) and not child.strip():
            continue
        own = child.children if not isinstance(child, str) and child.tag == "li" else [child]
        number, inner = _list_number(own)
        if not done or done[-1][2] != number:
            facts = ListFacts("", first) if number is None else facts_of[number]
            done.append(([], facts, number))
        if number is None:
            tight = not any(not isinstance(c, str) and c.tag == "p" for c in inner)
            done[-1][1].tight = done[-1][1].tight and tight
        done[-1][0].append(_task(ListItem(blocks(inner))))
    return [List(tuple(items), facts.start, facts.tight) for items, facts, _ in done]


def read_table(element: Element, blocks: Callable[[Iterable[Element | str]], tuple[Block, ...]]) -> Iterable[Block]:
    """The table, padded to equal rows, or what stands in it where it has none."""
    rows = list(_rows(element))
    if not rows:
        return blocks(element.children)
    width = max(len(row) for _, row in rows)
    aligns = [Align.NONE] * width
    head: tuple[Cell, ...] = ()
    body: list[tuple[Cell, ...]] = []
    for is_head, row in rows:
        cells = []
        for column, cell in enumerate(row):
            _free_pipes(cell)
            style = f"{cell.attributes.get('style', '')};{cell.attributes.get('align', '')}"
            if aligns[column] is Align.NONE and (told := re.search(r"(left|center|right)", style)):
                aligns[column] = Align(told[1])
            cells.append(Cell(flat(blocks(cell.children))))
        filled = (*cells, *(Cell(()) for _ in range(width - len(cells))))
        if is_head and not head and not body:
            head = filled
        else:
            body.append(filled)
    if head and len(body) == 1 and not any(cell.children for cell in body[0]):
        body = []  # Python-Markdown gives a table without rows an empty one
    return [Table(tuple(aligns), head, tuple(body))]


def _list_number(children: "Sequence[Element | str]") -> "tuple[int | None, Sequence[Element | str]]":
    """The number of its list that an item carries, and the item's children without it."""
    for index, child in enumerate(children):
        if isinstance(child, str):
            if told := _LIST.search(child):
                rest = child[told.end() :]
                return int(told[1]), [*children[:index], *([rest] if rest.strip() else []), *children[index + 1 :]]
            if child.strip():
                return None, children
        elif child.tag == "p":
            number, kept = _list_number(child.children)
            return number, [*children[:index], *kept, *children[index + 1 :]] if number is not None else children
        else:
            return None, children
    return None, children


def _task(item: ListItem) -> ListItem:
    """A GitHub task: an item whose first words are ``[ ]`` or ``[x]``."""
    if not item.blocks or not isinstance(item.blocks[0], Paragraph) or not item.blocks[0].children:
        return item
    first = item.blocks[0].children[0]
    match = re.match(r"\[([ xX])\]\s+", first.text) if isinstance(first, Text) else None
    if match is None or not isinstance(first, Text):
        return item
    rest = (Text(first.text[match.end() :]), *item.blocks[0].children[1:])
    return ListItem((Paragraph(trim(rest)), *item.blocks[1:]), match[1] != " ")


def _rows(element: Element) -> Iterable[tuple[bool, list[Element]]]:
    for child in element.children:
        if isinstance(child, str):
            continue
        if child.tag == "tr":
            cells = [c for c in child.children if not isinstance(c, str) and c.tag in ("td", "th")]
            if cells:
                yield all(cell.tag == "th" for cell in cells), cells
        else:
            yield from _rows(child)


def _free_pipes(cell: Element) -> None:
    """In a table a pipe in code is written with a backslash, which does not belong to the code."""
    for child in cell.children:
        if isinstance(child, Element):
            if child.tag == "code":
                child.children = [part.replace("\\|", "|") for part in child.children if isinstance(part, str)]
            _free_pipes(child)
