"""What a measurement says: its figure beside its bar."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Bar:
    """A figure that has to be at most ``bar`` (at least, with ``least``), as a ratio of 1."""

    measure: str
    figure: float
    bar: float
    detail: str = ""
    stretch: float | None = None
    least: bool = False

    @property
    def holds(self) -> bool:
        """Whether the figure is on the right side of the bar."""
        return self.figure >= self.bar if self.least else self.figure <= self.bar

    @property
    def verdict(self) -> str:
        """``holds``, ``stretch`` when it holds even that, or ``FAILS``."""
        if not self.holds:
            return "FAILS"
        return "stretch" if self.stretch is not None and self.figure <= self.stretch else "holds"


@dataclass(frozen=True, slots=True)
class Row:
    """What a command costs: seconds of the processor and of the clock, bytes of memory and of its products."""

    command: str
    cards: int
    cpu: float
    wall: float
    memory: int = 0
    size: int = 0
    rounds: int = 1


@dataclass(frozen=True, slots=True)
class Kept:
    """What survived in a program's packages, of 1, by feature; None is a feature that no card has."""

    program: str
    notes: int
    shares: dict[str, float | None]


@dataclass(slots=True)
class Results:
    """All that a run of the benchmark has to say."""

    bars: list[Bar] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)
    growth: dict[str, list[tuple[int, float]]] = field(default_factory=dict)
    """Seconds of the processor by the number of cards, for each command."""
    failures: list[str] = field(default_factory=list)
