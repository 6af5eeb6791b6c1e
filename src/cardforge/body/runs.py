"""Runs of inlines made tidy: blanks, neighbours, marks around blocks, blocks that have to fit in a line."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import assert_never

from cardforge.doc import (
    Alert,
    Block,
    Code,
    CodeBlock,
    Details,
    Heading,
    Inline,
    LineBreak,
    List,
    Mark,
    Marked,
    Math,
    MathBlock,
    Paragraph,
    Quote,
    Rule,
    Table,
    Text,
)

_BLANKS = re.compile(r" *[\t\r\n\f\v][ \t\r\n\f\v]*|  +")
"""Blanks that are no single one."""
_SEVERAL = re.compile(r"  +")


def trim(inlines: "Sequence[Inline | Block]") -> tuple[Inline, ...]:
    """Inlines with blanks collapsed, none at the ends nor around line breaks; neighbouring texts are one."""
    if len(inlines) == 1 and isinstance(only := inlines[0], Text):
        text = only.text if only.text.isprintable() and "  " not in only.text else _BLANKS.sub(" ", only.text)
        text = text.strip(" ")
        return (Text(text),) if text else ()
    done: list[Inline] = []
    for node in inlines:
        if isinstance(node, Text):
            text = node.text
            if "  " in text or not text.isprintable():
                text = _BLANKS.sub(" ", text)
            previous = done[-1] if done else None
            if isinstance(previous, Text):
                text = previous.text + text
                if "  " in text:
                    text = _SEVERAL.sub(" ", text)
                done.pop()
                previous = done[-1] if done else None
            if previous is None or isinstance(previous, LineBreak):
                text = text.lstrip(" ")
            if text:
                done.append(node if text is node.text else Text(text))
        elif isinstance(node, LineBreak):
            if done and isinstance(done[-1], Text):
                done[-1] = Text(done[-1].text.rstrip(" "))
            done.append(node)
        elif not isinstance(node, Block):
            done.append(node)
    while done and (isinstance(done[-1], LineBreak) or (isinstance(done[-1], Text) and not done[-1].text.strip(" "))):
        done.pop()
    if done and isinstance(last := done[-1], Text) and last.text.endswith(" "):
        done[-1] = Text(last.text.rstrip(" "))
    while done and isinstance(done[0], LineBreak):
        done.pop(0)
    return tuple(done)


def wrapped(inner: "list[Inline | Block]", wrap: Callable[[tuple[Inline, ...]], Inline]) -> "list[Inline | Block]":
    """Inlines under a mark; a block between them (display math in bold) stands outside of it."""
    done: list[Inline | Block] = []
    run: list[Inline] = []
    for node in inner:
        if isinstance(node, Block):
            if run:
                done.append(wrap(tuple(run)))
            run = []
            done.append(node)
        else:
            run.append(node)
    if run:
        done.append(wrap(tuple(run)))
    return done


def flat(blocks: Iterable[Block]) -> tuple[Inline, ...]:
    """A cell's blocks as inlines: paragraphs divided by line breaks, other blocks by their words."""
    done: list[Inline] = []
    for block in blocks:
        if done:
            done.append(LineBreak())
        match block:
            case Paragraph() | Heading():
                done.extend(block.children)
            case CodeBlock():
                done.append(Code(block.text))
            case MathBlock():
                done.append(Math(block.tex, block.span))
            case List():
                for index, item in enumerate(block.items):
                    mark = "• " if block.start is None else f"{block.start + index}. "
                    done.extend((*([LineBreak()] if index else []), Text(mark), *flat(item.blocks)))
            case Quote():
                done.extend(flat(block.blocks))
            case Alert():
                done.extend((Marked(Mark.STRONG, (Text(block.kind.word),)), LineBreak(), *flat(block.blocks)))
            case Details():
                done.extend((*block.summary, LineBreak(), *flat(block.blocks)))
            case Table():
                for index, row in enumerate((block.head, *block.rows)):
                    done.extend([LineBreak()] if index else [])
                    for cell in row:
                        done.extend((*cell.children, Text(" ")))
            case Rule():
                pass
            case _:
                assert_never(block)
    return tuple(done)
