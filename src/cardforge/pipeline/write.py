"""Writes products: each beside its place first, then moved there in one step."""

import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from cardforge.diagnostics import Code, Sink, Span
from cardforge.pipeline.discover import show_path


def write_all(products: Mapping[Path, bytes], cwd: Path, sink: Sink) -> bool:
    """Write every product or none. False, with a finding, when one cannot be written."""
    staged: list[tuple[Path, Path]] = []
    target = Path()
    try:
        for target, data in products.items():
            if target.is_dir():
                raise IsADirectoryError(None, "it is a folder")
            target.parent.mkdir(parents=True, exist_ok=True)
            if target.exists() and not os.access(target, os.W_OK):
                raise PermissionError(None, "Permission denied")
            handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
            staged.append((Path(name), target))
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                os.fchmod(file.fileno(), _mode(target))
        for part, target in staged:
            part.replace(target)
    except OSError as error:
        told = error.strerror or str(error)
        hint = (
            "Close the program that has it open, check the folder's rights and room, or choose another place with -o."
        )
        sink.add(Code.UNWRITABLE_OUTPUT, Span(show_path(target, cwd)), f"The product cannot be written: {told}.", hint)
        return False
    finally:
        for part, _ in staged:
            with suppress(OSError):
                part.unlink()
    return True


def _mode(target: Path) -> int:
    """The rights of the product: those it has, or what the process gives new files."""
    if target.exists():
        return target.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
