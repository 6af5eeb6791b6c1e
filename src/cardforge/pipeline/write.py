"""Writes products: each beside its place first, then moved there in one step.

A product takes the place of a link that stands there, and what the link leads to stays as it is. The author's own
files, lock and sources, are written where their links lead (:func:`behind`).
"""

import os
import signal
import stat
import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from cardforge.diagnostics import Code, Sink, Span
from cardforge.pipeline.discover import show_path

_PART = ".cardforge-"
"""How the name of a product begins that is not yet in its place."""


def write_all(
    products: Mapping[Path, bytes | Iterable[bytes]], sources: Collection[Path], cwd: Path, sink: Sink
) -> bool:
    """Write every product, of bytes or of blocks, or none.

    False, with a finding, when one cannot be written or is one of the ``sources``. Blocks are gone through repeatedly.
    """
    staged: list[tuple[Path, Path]] = []
    target = Path()
    try:
        for target, data in products.items():
            if _is_one_of(target, sources):
                hint = "Choose another place with -o."
                sink.add(Code.UNWRITABLE_OUTPUT, _place(target, cwd), "The product would overwrite a source.", hint)
                return False
            if _holds(target, data):
                continue
            _check(target)
            if _is_special(target):
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            if target.parent not in {place.parent for _, place in staged}:
                _sweep(target.parent)
            handle, name = tempfile.mkstemp(prefix=f"{_PART}{os.getpid()}-", suffix=".part", dir=target.parent)
            staged.append((Path(name), target))
            with os.fdopen(handle, "wb") as file:
                file.writelines(_blocks(data))
            Path(name).chmod(_mode(target))
        with _undisturbed():
            for part, target in staged:
                part.replace(target)
            for target, data in products.items():
                if _is_special(target):
                    with target.open("wb") as file:
                        file.writelines(_blocks(data))
    except OSError as error:
        told = f"The product cannot be written: {_reason(error, cwd)}."
        sink.add(Code.UNWRITABLE_OUTPUT, _place(target, cwd), told, _remedy(error))
        return False
    finally:
        for part, _ in staged:
            with suppress(OSError):
                part.unlink()
    return True


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Let an interruption wait: of several products all are moved, or none."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _blocks(data: bytes | Iterable[bytes]) -> Iterable[bytes]:
    return (data,) if isinstance(data, bytes) else data


def _holds(target: Path, data: bytes | Iterable[bytes]) -> bool:
    """Whether a file holds these bytes already: then it keeps its time, and what waits for a change sees none."""
    if target.is_symlink() or not target.is_file():
        return False
    if isinstance(data, bytes) and target.stat().st_size != len(data):
        return False
    with target.open("rb") as file:
        return all(file.read(len(block)) == block for block in _blocks(data)) and not file.read(1)


def behind(path: Path) -> Path:
    """The file a link leads to, or the path itself: what is written there leaves the link a link.

    Only to a file that is there: a stranger's link must not make one elsewhere.
    """
    return Path(os.path.realpath(path)) if path.is_symlink() and path.exists() else path


def _sweep(folder: Path) -> None:
    """Remove what builds that were killed left beside their products; their names say which process they were."""
    for part in folder.glob(f"{_PART}*.part"):
        number = part.name.removeprefix(_PART).partition("-")[0]
        if number.isdecimal() and (int(number) == os.getpid() or not _runs(int(number))):
            with suppress(OSError):
                part.unlink()


def _runs(process: int) -> bool:
    """Whether a process may still run. Only POSIX tells without touching it."""
    if os.name != "posix":
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


def _is_one_of(target: Path, sources: Iterable[Path]) -> bool:
    try:
        its = target.stat()
    except OSError:
        return False  # what is not there is no source
    for source in sources:
        with suppress(OSError):
            if os.path.samestat(its, source.stat()):
                return True
    return False


def _check(target: Path) -> None:
    """Raise what would keep a product from its place, before any is written."""
    if target.is_dir():
        raise IsADirectoryError(None, "it is a folder")
    if target.exists() and not (os.access(target, os.W_OK) and target.stat().st_mode & 0o222):
        raise PermissionError(None, "Permission denied")


def _is_special(target: Path) -> bool:
    """Whether a device or a pipe stands at the place (``/dev/null``): it is written into, never replaced."""
    return target.exists() and not stat.S_ISREG(target.stat().st_mode)


def _place(target: Path, cwd: Path) -> Span:
    return Span(show_path(target, cwd))


def _reason(error: OSError, cwd: Path) -> str:
    if isinstance(error, (NotADirectoryError, FileExistsError)) and error.filename:
        return f"{show_path(Path(error.filename), cwd)} is a file, not a folder"
    return error.strerror or str(error)


def _remedy(error: OSError) -> str:
    if isinstance(error, IsADirectoryError):
        return "Move the folder away, or choose another place with -o."
    if isinstance(error, (NotADirectoryError, FileExistsError)):
        return "Move the file away, or choose another place with -o."
    return "Close the program that has it open, check the folder's rights and room, or choose another place with -o."


def _mode(target: Path) -> int:
    """The rights of the product: those it has, or what the process gives new files."""
    if target.exists():
        return target.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
