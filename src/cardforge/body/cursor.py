"""A line being read from left to right, with tabs as the columns they reach (CommonMark 0.31, section 2.2)."""

from dataclasses import dataclass, field

TAB = 4


@dataclass(slots=True)
class Cursor:
    """A line and how much of it was read: up to character ``at``, which stands in ``column``.

    ``owed`` are the columns of a tab before ``at`` that were not read yet. ``text`` is what was not read, without the
    blanks it begins with.
    """

    line: str
    at: int = 0
    column: int = 0
    owed: int = 0
    text: str = field(init=False)

    def __post_init__(self) -> None:
        self.text = self.line.lstrip(" \t")

    @property
    def rest(self) -> str:
        """What was not read."""
        return " " * self.owed + self.line[self.at :]

    @property
    def blank(self) -> bool:
        """Whether only blanks are left."""
        return not self.text

    @property
    def indent(self) -> int:
        """The columns of blanks before the next character."""
        blanks = self.line[self.at : len(self.line) - len(self.text)]
        if "\t" not in blanks:
            return len(blanks) + self.owed
        column = self.column
        for char in blanks:
            column += TAB - column % TAB if char == "\t" else 1
        return column - self.column + self.owed

    def skip_blanks(self) -> None:
        """Read all blanks."""
        self.skip_columns(self.indent)

    def skip_columns(self, count: int) -> None:
        """Read up to ``count`` columns of blanks."""
        taken = min(self.owed, count)
        self.owed -= taken
        count -= taken
        if not count:
            return
        while count and self.at < len(self.line) and self.line[self.at] in " \t":
            width = TAB - self.column % TAB if self.line[self.at] == "\t" else 1
            self.at += 1
            self.column += width
            if width > count:
                self.owed = width - count
            count -= min(width, count)

    def skip(self, count: int) -> None:
        """Read ``count`` characters that are no tabs."""
        self.at += count
        self.column += count
        self.text = self.line[self.at :].lstrip(" \t")
