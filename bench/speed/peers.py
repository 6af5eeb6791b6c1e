"""Two peers that make Anki packages of Markdown, each in a virtual environment of its own under ``.bench/``."""

import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

CACHE: Final = Path(".bench")


@dataclass(frozen=True, slots=True)
class Peer:
    """A program from PyPI: what to install, and its command for a project's folder and its products' folder."""

    name: str
    title: str
    requirements: tuple[str, ...]
    command: tuple[str, ...]

    def argv(self, cards: Path, out: Path) -> Sequence[str | Path]:
        """The command that turns the folder ``cards`` into packages in the folder ``out``."""
        program = _folder(self).resolve() / "bin" / self.command[0]
        return [program, *(part.format(cards=cards, out=out) for part in self.command[1:])]


B1: Final = Peer(
    "ankdown",
    "ankdown --highlight (B1)",
    ("ankdown==0.7.1", "genanki==0.13.1", "pygments==2.21.0"),
    ("ankdown", "-r", "{cards}", "-p", "{out}/deck.apkg", "--highlight"),
)
DECKS: Final = Peer(  # a newer click answers every command with the version
    "markdown-anki-decks",
    "markdown-anki-decks",
    ("markdown-anki-decks==1.1.1", "click==8.0.4", "genanki==0.13.1", "markdown==3.11.3", "beautifulsoup4==4.15.0"),
    ("mdankideck", "{cards}", "{out}"),
)
PEERS: Final = (B1, DECKS)


def install(peer: Peer) -> None:
    """Make the peer's environment unless it is there; ``setuptools`` because older packages ask for it."""
    folder = _folder(peer)
    if (folder / "ready").exists():
        return
    shutil.rmtree(folder, ignore_errors=True)
    sys.stderr.write(f"Installing {peer.name} into {folder} …\n")
    python = folder / "bin" / "python"
    for command in (
        [sys.executable, "-m", "venv", str(folder)],
        [str(python), "-m", "pip", "install", "-qq", "setuptools<81", *peer.requirements],
    ):
        subprocess.run(command, check=True)  # noqa: S603 - our own command
    (folder / "ready").touch()


def _folder(peer: Peer) -> Path:
    return CACHE / peer.name
