"""Python-Markdown with GitHub's readers in its stages: lines, blocks, inlines, and elements in the place of a string.

The library runs the stages. What stands in them is ours, and its last one hands the elements over instead of writing
HTML that would have to be read again.
"""

from collections.abc import Iterable
from functools import cache
from typing import Final
from xml.etree.ElementTree import Element as Root
from xml.etree.ElementTree import ElementTree

from markdown import Extension, Markdown
from markdown.blockparser import BlockParser
from markdown.treeprocessors import Treeprocessor
from markdown.util import Registry

from cardforge.body.blocks import BlockReader
from cardforge.body.github import elements_of
from cardforge.body.html import Element
from cardforge.body.links import Definitions
from cardforge.body.nodes import Node

_NOTHING: Final = ElementTree(Root("div"))


def read_elements(text: str, elsewhere: str) -> tuple[Element, bool]:
    """The elements of a text under one root, and whether some are its author's, written as HTML.

    ``elsewhere`` are definitions that stand outside of the text. Raises ``TooDeepError``.
    """
    instance, github = _markdown()
    github.elsewhere = elsewhere
    github.found = Element("root"), False
    instance.convert(text)
    return github.found


@cache
def _markdown() -> tuple[Markdown, "GitHub"]:
    """The one instance of a process: making one costs as much as converting several fields."""
    github = GitHub()
    instance = Markdown(extensions=[github])
    instance.stripTopLevelTags = False
    instance.serializer = _nothing  # the library sets its own after those of extensions
    return instance, github


class _Blocks(BlockParser):
    """The stage of blocks; what it gives is a tree whose root the next stage takes."""

    def __init__(self, md: Markdown, github: "GitHub") -> None:
        super().__init__(md)
        self.github = github

    def parseDocument(self, lines: Iterable[str]) -> ElementTree:  # noqa: N802 - the library's name
        """Read the blocks of the text; the tree is only what the library hands on."""
        self.github.definitions = Definitions()
        self.github.blocks = BlockReader(self.github.definitions).read(list(lines))
        if self.github.elsewhere:
            BlockReader(self.github.definitions).read(self.github.elsewhere.split("\n"))
        return _NOTHING


class _Inlines(Treeprocessor):
    """The stage of inlines: blocks and what stands in them become elements."""

    def __init__(self, md: Markdown, github: "GitHub") -> None:
        super().__init__(md)
        self.github = github

    def run(self, root: Root) -> None:  # noqa: ARG002 - the library's root holds nothing
        """Read the text of all blocks."""
        self.github.found = elements_of(self.github.blocks, self.github.definitions)


class GitHub(Extension):
    """Puts the readers in the place of the library's own processors; ``found`` is what they gave for the last text."""

    elsewhere = ""
    definitions: Definitions
    blocks: Node
    found: tuple[Element, bool]

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - the library's name
        """Register the readers, and nothing else."""
        md.parser = _Blocks(md, self)
        md.preprocessors, md.treeprocessors, md.postprocessors = Registry(), Registry(), Registry()
        md.treeprocessors.register(_Inlines(md, self), "inline", 20)


def _nothing(root: Root) -> str:  # noqa: ARG001 - as the library calls it
    """No HTML is wanted."""
    return ""
