"""What a run sees of the file system: what it is about to look at, and in the end the media and the products."""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cardforge.cache.witness import Look, Witness
from cardforge.diagnostics import Code
from cardforge.pipeline.discover import ENDINGS, STDIN

if TYPE_CHECKING:
    from cardforge.pipeline import Reading, Request
    from cardforge.pipeline.render import Product

_CONFIGS: Final = ("cardforge.toml", "pyproject.toml")
UNCERTAIN: Final = frozenset(
    {
        Code.UNREADABLE_FILE,
        Code.UNWRITABLE_OUTPUT,
        Code.MISSING_COMPONENT,
        Code.NOT_UTF8,
        Code.OUTSIDE_PROJECT,
        Code.BAD_IMAGE,
        Code.BAD_AUDIO,
    }
)
"""Findings on what no digest of a file's bytes tells: its rights, its place, a picture that was not kept."""


def witness_in(cwd: Path) -> Witness:
    """A witness that has seen the configs at and above a folder, and where the folder is."""
    witness = Witness(endings=ENDINGS)
    for folder in (cwd, *cwd.parents):
        for name in _CONFIGS:
            witness.look(Look.FILE, str(folder / name))
    witness.look(Look.REAL, str(cwd))
    return witness


def look_at_sources(request: "Request") -> None:
    """See the sources that a run is about to look for, and the lock."""
    witness, settings = request.witness, request.settings
    base = settings.root or request.cwd
    paths = [base / source for source in settings.sources]
    paths += [request.cwd / source for source in request.sources if source != STDIN]
    for path in paths:
        witness.look(Look.TREE, os.path.normpath(path))
    lock = request.lock or base / "cardforge.lock"
    witness.look(Look.REAL, str(lock))
    witness.look(Look.FILE, str(lock))


def is_settled(request: "Request", reading: "Reading", products: "Sequence[Product]", *, written: bool) -> bool:
    """Whether an equal run would see and say the same; then ``request.witness`` has seen all of it."""
    witness, root = request.witness, request.settings.root
    foreign = STDIN in request.sources or reading.one_off or request.stdin
    if root is None or foreign or any(found.code in UNCERTAIN for found in reading.sink):
        return False
    _forget_above(witness, root)
    lock = request.lock or root / "cardforge.lock"
    if not witness.is_same(Look.FILE, str(lock)):
        return False  # the run changed the lock, and so what the next one says of it
    for path in reading.sources.values():
        witness.look(Look.REAL, str(path))
    for shown, path in reading.sources.items():
        witness.seen[Look.FILE, str(path)] = reading.texts.digests[shown]
    for product in products if written else ():
        if product.path is None or product.path.is_symlink():
            return False
        witness.saw(str(product.path), product.data)
    return not witness.spoilt


def _forget_above(witness: Witness, root: Path) -> None:
    """A config above the one in force says nothing."""
    for how, path in list(witness.seen):
        if how is Look.FILE and Path(path).name in _CONFIGS and not Path(path).is_relative_to(root):
            del witness.seen[how, path]


def is_older(path: str, began: int) -> bool:
    """Whether a file is as it was before a time, in nanoseconds since 1970."""
    try:
        about = os.stat(path)  # noqa: PTH116 - a path as the media have it
    except OSError:
        return False
    return max(about.st_mtime_ns, about.st_ctime_ns) < began


def media_paths(paths: Iterable[str]) -> tuple[str, ...]:
    """The files among the places of media; data in the source itself is none."""
    return tuple(dict.fromkeys(path for path in paths if not path.lower().startswith("data:")))
