"""What one line of Markdown opens: a fence, a heading, a rule, a list item, a block of HTML, a comment, a fold."""

import re
from dataclasses import dataclass

HEADING = re.compile(r"^ {0,3}(?P<marks>#{1,6})(?:[ \t]+(?P<title>\S.*)|[ \t]*)$")
RULE = re.compile(r"^ {0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*$")
SETEXT = re.compile(r"^ {0,3}(=+|-+)[ \t]*$")
ITEM = re.compile(r"^(?P<blank> *)(?P<mark>[-*+]|(?P<number>\d{1,9})[.)])(?:(?P<gap>[ \t]+)(?=\S)|[ \t]*$)")
TABLE_RULE = re.compile(r"^ {0,3}\|?[ \t]*+:?-++:?[ \t]*+(?:\|[ \t]*+:?-++:?[ \t]*+)*+\|?[ \t]*+$")
QUOTE = re.compile(r"^ {0,3}>")
COMMENT = re.compile(r"^[ \t]*(?:<!--|\{/\*)")
FOLD = re.compile(r"^[ \t]*<details\b", re.IGNORECASE)
FOLD_END = re.compile(r"^\s*</?details\b", re.IGNORECASE)
HTML = re.compile(
    r"^ {0,3}</?(?:address|article|aside|blockquote|center|dd|dir|div|dl|dt|fieldset|figcaption|figure|footer|form"
    r"|h[1-6]|header|hr|iframe|legend|li|link|main|menu|nav|ol|p|pre|script|section|style|summary|table|tbody|td|tfoot|th|thead"
    r"|title|tr|ul|video|audio)\b",
    re.IGNORECASE,
)
GAP = re.compile(r"(?<!\\)\{\{[cC][\d, ]*::")
_FENCE = re.compile(r"^[ \t]*(?P<fence>`{3,}|~{3,})(?P<info>.*)$")
_CLOSING_MARKS = re.compile(r"(?:^|(?<=[ \t]))#+[ \t]*$")

_FIRST = frozenset("`~#-*_+<{$>")
CODE_INDENT = 4
"""Blanks that make a line code."""


@dataclass(slots=True)
class Fence:
    """An open code fence: the character and the length of its mark."""

    char: str
    length: int

    @classmethod
    def opened_by(cls, text: str) -> "Fence | None":
        """The fence a line opens, or None."""
        match = _FENCE.match(text) if "```" in text or "~~~" in text else None
        if match is None or (match["fence"][0] == "`" and "`" in match["info"]):
            return None
        return cls(match["fence"][0], len(match["fence"]))

    def closed_by(self, text: str) -> bool:
        """Whether a line closes this fence."""
        bare = text.strip()
        return len(bare) >= self.length and set(bare) == {self.char}


def may_open(text: str) -> bool:
    """Whether a line may open anything that is no paragraph and no indented code: its first character tells."""
    first = text.lstrip()[:1]
    return first in _FIRST or first.isdecimal()


def title_of(heading: re.Match[str]) -> tuple[int, int]:
    """Where the title of a line that :data:`HEADING` matches begins and ends, closing marks aside."""
    if heading["title"] is None:
        return heading.end(), heading.end()
    closing = _CLOSING_MARKS.search(heading["title"])
    text = heading["title"][: closing.start()] if closing else heading["title"]
    return heading.start("title"), heading.start("title") + len(text.rstrip())


def opens_math(text: str) -> bool:
    """Whether a line opens display math that goes on below it."""
    return "$$" in text and text.lstrip().startswith("$$") and text.count("$$") % 2 == 1


def blanks_of(text: str) -> int:
    """How many blanks a line starts with."""
    return len(text) - len(text.lstrip(" "))
