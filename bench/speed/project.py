"""A generated project on disk, and the commands the benchmark gives in it."""

import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.speed.dialects import write
from bench.speed.measure import Cost, run
from bench.speed.peers import Peer

COMMAND: Final = (sys.executable, "-m", "cardforge")
_LEFT_BEHIND: Final = ("build", ".cardforge_cache")


@dataclass(frozen=True, slots=True)
class Project:
    """A project of cardforge in a folder of its own."""

    root: Path

    def clear(self) -> None:
        """As checked out for the first time: no product, no cache, no lock."""
        for name in _LEFT_BEHIND:
            shutil.rmtree(self.root / name, ignore_errors=True)
        (self.root / "cardforge.lock").unlink(missing_ok=True)

    def cold(self, *arguments: str) -> Cost:
        """What a command costs in the cleared project; clearing takes no part."""
        self.clear()
        return self.run(*arguments)

    def run(self, *arguments: str) -> Cost:
        """What a command costs in the project as it is."""
        return run([*COMMAND, *arguments, "-q"], self.root, memory=True)

    @property
    def package(self) -> Path:
        """The Anki package of the last build."""
        return self.root / "build" / "deck.apkg"


@dataclass(frozen=True, slots=True)
class Rival:
    """A peer with the cards in its own dialect."""

    peer: Peer
    root: Path

    def cold(self) -> Cost:
        """What its packages cost; a peer knows no other build."""
        shutil.rmtree(self.out, ignore_errors=True)
        self.out.mkdir()
        return run(self.peer.argv(self.root / "cards", self.out), self.root, memory=True)

    @property
    def out(self) -> Path:
        """Where its packages are."""
        return self.root / "out"

    @property
    def packages(self) -> Sequence[Path]:
        """The packages of the last run."""
        return sorted(self.out.glob("*.apkg"))


@dataclass(frozen=True, slots=True)
class Workshop:
    """Makes the projects of a run when they are asked for, each once."""

    folder: Path
    seed: int

    def project(self, cards: int) -> Project:
        """The cards as a project of cardforge."""
        return Project(self._written("cardforge", cards))

    def rival(self, peer: Peer, cards: int) -> Rival:
        """The cards as the peer wants them."""
        return Rival(peer, self._written(peer.name, cards))

    def of_one_card(self, name: str, answer: str) -> Project:
        """A project whose one card has this answer."""
        root = self.folder / name
        shutil.rmtree(root, ignore_errors=True)
        (root / "cards").mkdir(parents=True)
        (root / "cardforge.toml").write_text('name = "deck"\nnamespace = "bench"\n', "utf-8")
        (root / "cards" / "card.md").write_text(f"Q: What is in this field?\nA: {answer}\n", "utf-8")
        return Project(root)

    def _written(self, dialect: str, cards: int) -> Path:
        root = self.folder / f"{dialect}-{cards}"
        if not root.exists():
            write(root, dialect, self.seed, cards)
        return root
