"""MDX: what in a file is program and no content. Taken out before its blocks are read: only Markdown is left.

``import`` and ``export`` go, and so do ``{/* … */}`` and the tags of components that mean nothing to us, whose text
stays. Code is opaque. Every character that stays keeps its place.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import takewhile

from cardforge.passage import Line, Passage
from cardforge.source.components import opens_component, role_of
from cardforge.source.marks import Fence, blanks_of
from cardforge.source.tags import Tags, value_of
from cardforge.vocabulary import Vocabulary

_IMPORT = re.compile(r"import\s+(?:[\"'][^\"'\n]+[\"']|[\w$*{][^;\"']*\bfrom\s*[\"'][^\"'\n]+[\"'])")
_EXPORT = re.compile(r"export\s+(?:default|const|let|var|function|async|class|type|interface|enum|\{|\*)")
_MOST_LINES = 1000
"""Lines an export may have."""
_TOKEN = re.compile(
    r"(?<!`)(?P<ticks>`++).*?(?<!`)(?P=ticks)(?!`)|\\."
    r"|(?P<comment>\{/\*)|(?P<blank>\{(?P<quote>[\"'`])[ ]*(?P=quote)\})"
    r"|</(?P<close>[A-Z][\w.]*)\s*>|(?P<fragment></?>)|<(?P<open>[A-Z][\w.]*)(?=[\s/>{]|$)"
)
_CARD = re.compile(r"\{/\*\s*card:")
# Components that say in a prop what stands in them.
_TITLED = frozenset(
    "Tab TabItem TabPanel Callout Admonition Alert Aside Note Tip Info Warning Caution Danger Step Panel".split()
)
_TITLE = ("title", "label", "heading", "header")


def is_mdx(file: str, lines: Iterable[Line], vocabulary: Vocabulary) -> bool:
    """Whether a text is MDX: by its name, or because a card in it is a component."""
    return file.lower().endswith(".mdx") or any(
        "=" in line.text and opens_component(line.text, vocabulary) for line in lines
    )


def without_program(file: str, lines: Sequence[Line], vocabulary: Vocabulary) -> list[Line]:
    """The lines of an MDX file with its program taken out; blank lines part what they did."""
    return _Cleaner(file, list(lines), vocabulary).run()


class _Cleaner:
    """One pass over the lines; ``at`` is the line at hand, ``starts`` are where lines begin in the whole.

    What was taken out last ends at ``gone``, and what was read last at ``seen``, in a line further down perhaps.
    """

    def __init__(self, file: str, lines: list[Line], vocabulary: Vocabulary) -> None:
        self.lines, self.vocabulary = lines, vocabulary
        self.whole = Passage(file, tuple(lines))
        self.tags = Tags(self.whole.text)
        self.at = 0
        self.starts: list[int] = []
        position = 0
        for line in lines:
            self.starts.append(position)
            position += len(line.text) + 1
        self.out: list[Line] = []
        self.gone = self.seen = self.unbalanced = 0
        # Of the components that are open around the line at hand: the tag's column, and how much deeper its content is.
        self.open: list[tuple[int, int | None]] = []
        self.no_comment_after = len(self.whole.text)

    def run(self) -> list[Line]:
        fence: Fence | None = None
        fresh = True
        while self.at < len(self.lines):
            line = self.lines[self.at]
            if fence:
                fence = None if fence.closed_by(line.text) else fence
                self._keep(line)
            elif self.seen <= self.starts[self.at] and (fence := Fence.opened_by(line.text)):
                self._keep(line)
            elif self.seen <= self.starts[self.at] and fresh and (count := self._program()):
                for _ in range(count):
                    self._keep(Line("", self.lines[self.at].number))
                continue
            else:
                self._clean(line)
            fresh = not line.text.strip()
        return self.out

    def _keep(self, line: Line) -> None:
        """Keep a line, less deep by what the tags taken out around it indent it: MDX knows no indented code."""
        blanks = blanks_of(line.text)
        if line.text.strip() and self.open and self.open[-1][1] is None:
            self.open[-1] = (self.open[-1][0], max(blanks - self.open[-1][0], 0))
        self.out.append(line.dedent(sum(deeper or 0 for _, deeper in self.open)))
        self.at += 1

    def _program(self) -> int:
        """How many lines the import or export at hand has, 0 if there is none."""
        text, start = self.whole.text, self.starts[self.at]
        if not text.startswith(("import", "export"), start):
            return 0
        lines = (line.text for line in self.lines[self.at : self.at + _MOST_LINES])
        ahead = list(takewhile(str.strip, lines)) if self.at < self.unbalanced else list(lines)
        blank = next((i for i, each in enumerate(ahead) if not each.strip()), len(ahead))
        if not (_EXPORT.match(ahead[0]) or _IMPORT.match("\n".join(ahead[:blank]))):
            return 0
        if self.at < self.unbalanced:
            return blank
        depth = 0
        for count, each in enumerate(ahead):
            if not each.strip() and depth <= 0:
                return count
            bare = re.sub(r"\"(?:[^\"\\]|\\.)*+\"|'(?:[^'\\]|\\.)*+'|//.*", "", each)
            depth += sum(char in "([{" for char in bare) - sum(char in ")]}" for char in bare)
        if depth <= 0:
            return len(ahead)
        # Brackets that close nowhere are looked for once.
        self.unbalanced = self.at + len(ahead)
        return blank

    def _clean(self, line: Line) -> None:
        """Keep what is content of the line."""
        start = self.starts[self.at]
        end = start + len(line.text)
        edits: list[tuple[int, int, str]] = []
        title: Passage | None = None
        opened = closed = 0
        if self.gone > start:
            edits.append((0, min(self.gone, end) - start, ""))
        at = max(self.seen, start)
        while at < end and (token := _TOKEN.search(line.text, at - start)):
            at = start + token.end()
            first = start + token.start()
            if token["comment"]:
                if _CARD.match(line.text, token.start()):
                    continue
                after = self._comment_end(first)
                if after < 0:
                    continue
            elif token["open"]:
                if role_of(token["open"], line.text[token.start() :], self.vocabulary):
                    # Its own props are no content either, and are read with the component.
                    tag = self.tags.read(first)
                    self.seen = at = tag.end if tag else at
                    continue
                tag = self.tags.read(first)
                if tag is None:
                    continue
                after = tag.end
                named = next((tag.props[name] for name in _TITLE if name in tag.props), None)
                if tag.alone:
                    edits.append((first - start, min(after, end) - start, f"<{tag.name}/>"))
                    self.gone = self.seen = at = after
                    continue
                if named and tag.name in _TITLED and not title:
                    title = value_of(self.whole, named)
                opened += 1
            elif token["close"]:
                if role_of(token["close"], "", self.vocabulary):
                    continue
                after = at
                closed += not opened
                opened -= bool(opened)
            elif token["fragment"] or token["blank"]:
                after = at
            else:
                continue
            edits.append((first - start, min(after, end) - start, " " if token["blank"] else ""))
            self.gone = self.seen = at = after
        for _ in range(min(closed, len(self.open))):
            self.open.pop()
        self._put(line.replace(edits) if edits else line, title)
        self.open += [(blanks_of(line.text), None)] * opened

    def _put(self, line: Line, title: Passage | None) -> None:
        if title:
            told = title.lines[0]
            blanks = blanks_of(self.lines[self.at].text)
            self._keep(Line(f"{' ' * blanks}**{told.text}**", told.number, told.column - 2 - blanks))
            self._keep(Line("", line.number))
            self.at -= 2
        self._keep(line)

    def _comment_end(self, at: int) -> int:
        if at >= self.no_comment_after:
            return -1
        end = self.whole.text.find("*/}", at)
        if end < 0:
            self.no_comment_after = at
        return end + 3 if end >= 0 else -1
