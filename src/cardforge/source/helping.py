"""What would make cards of a file that gives none: the setting that would help, with the line to write."""

import re
from collections import Counter

from cardforge.diagnostics import Sink
from cardforge.passage import lines_of
from cardforge.source.block import BlockKind
from cardforge.source.blocks import scan
from cardforge.source.front_matter import read_front_matter
from cardforge.source.labels import NUMBERED
from cardforge.source.marks import HEADING
from cardforge.source.notes import looks_like_note
from cardforge.vocabulary import Vocabulary

_COMPONENT = re.compile(r"<(?P<name>[A-Z][\w.]*)\s[^<>]*?\b(?:question|front|prompt|term|q)\s*=", re.IGNORECASE)
_HIGHLIGHT = re.compile(r"(?<![=\w])==(?=[^\s=])[^=\n]+(?<!\s)==(?![=\w])")
_ASKS = ("?", "？", "؟", ";")
_FEWEST = 2
"""Headings, lines or marks that make a habit."""


def what_would_help(file: str, text: str, vocabulary: Vocabulary) -> str:
    """A sentence that names the setting and the line to write, or "" where nothing can be seen."""
    lines = lines_of(text.removeprefix("\ufeff"))
    front_matter, body = read_front_matter(file, lines, vocabulary, Sink())
    blocks = scan(file, body, front_matter.vocabulary, Sink())
    titles: dict[int, list[str]] = {}
    for block in blocks:
        inner = block.inner.text if block.inner else ""
        item = HEADING.match(inner) if block.kind is BlockKind.ITEM else None
        if block.kind is BlockKind.HEADING or item:
            level = len(item["marks"]) if item else block.level
            titles.setdefault(level, []).append(inner.rstrip("*_# "))
    asking = {level: sum(title.endswith(_ASKS) for title in found) for level, found in titles.items()}
    level = max(asking, key=lambda each: asking[each], default=0)
    # Beside questions a number asks too: "4. Explain the purpose of SELECT."
    likely = sum(title.endswith(_ASKS) or NUMBERED.match(title) is not None for title in titles.get(level, ()))
    if level and asking[level] >= _FEWEST and 2 * likely > len(titles[level]):
        return _setting(f"Most headings of level {level} ask", f"heading_level: {level}")
    if sum(looks_like_note(block) for block in blocks) >= _FEWEST:
        return _setting("These look like cards of a notes app", "notes: true")
    names = Counter(
        name for block in blocks if block.kind is not BlockKind.CODE for name in _COMPONENT.findall(block.text)
    )
    if names:
        name = names.most_common(1)[0][0]
        return _setting(f"<{name}> looks like a card", f"components: [{name}]")
    marked = sum(len(_HIGHLIGHT.findall(block.text)) for block in blocks if block.kind is not BlockKind.CODE)
    return _setting("==Marked words== may be gaps", "cloze: highlight") if marked >= _FEWEST else ""


def _setting(seen: str, line: str) -> str:
    return f"{seen}: write cardforge: {{{line}}} between two lines --- at the file's top, or set it in cardforge.toml."
