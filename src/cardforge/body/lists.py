"""Lists and tables: from elements to nodes."""

import re
from collections.abc import Callable, Iterable, Sequence

from cardforge.body.html import Element
from cardforge.body.runs import flat
from cardforge.doc import Align, Block, Cell, List, ListItem, Table

MOST_EMPTY_CELLS = 20_000
"""Cells that rows of a text's tables may lack: a few long rows and many short ones would make a huge table."""


def read_list(element: Element, blocks: Callable[[Iterable[Element | str]], tuple[Block, ...]]) -> List:
    """The list. It is tight where no item has a paragraph of its own, as GitHub writes tight lists."""
    start = element.attributes.get("start", "1")
    first = (int(start) if re.fullmatch(r"\d{1,9}", start) else 1) if element.tag == "ol" else None
    items: list[ListItem] = []
    tight = True
    for child in element.children:
        if isinstance(child, str) and not child.strip():
            continue
        inner: Sequence[Element | str] = child.children if isinstance(child, Element) and child.tag == "li" else [child]
        tight = tight and not any(isinstance(each, Element) and each.tag == "p" for each in inner)
        task = next((each for each in inner if isinstance(each, Element) or each.strip()), None)
        checked = None
        if isinstance(task, Element) and task.tag == "input" and task.attributes.get("type", "").lower() == "checkbox":
            checked = "checked" in task.attributes
            inner = [each for each in inner if each is not task]
        items.append(ListItem(blocks(inner), checked))
    return List(tuple(items), first, tight)


def read_table(element: Element, blocks: Callable[[Iterable[Element | str]], tuple[Block, ...]]) -> Iterable[Block]:
    """The table, padded to equal rows, or what stands in it where it has none."""
    rows = list(_rows(element))
    if not rows:
        return blocks(element.children)
    width = max(len(row) for _, row in rows)
    if sum(width - len(row) for _, row in rows) > MOST_EMPTY_CELLS:
        return blocks(element.children)
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
        body = []  # a table without rows needs one in some editors
    return [Table(tuple(aligns), head, tuple(body))]


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
