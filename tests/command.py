"""The command line as a whole process, the way people and scripts meet it."""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent.parent
EPOCH: Final = "1760000000"
_KEPT: Final = ("PATH", "HOME", "SYSTEMROOT", "TMPDIR", "LD_LIBRARY_PATH")


@dataclass(frozen=True, slots=True)
class Run:
    """What a command did."""

    status: int
    out: bytes
    err: bytes

    @property
    def stdout(self) -> str:
        return self.out.decode("utf-8")

    @property
    def stderr(self) -> str:
        return self.err.decode("utf-8")


def cardforge(folder: Path, *arguments: str, stdin: bytes = b"", env: Mapping[str, str] | None = None) -> Run:
    """Run ``cardforge`` in ``folder`` with a fixed clock and nothing of this shell's settings but ``env``."""
    told = dict(env or {})
    libraries = os.pathsep.join(filter(None, [told.pop("PYTHONPATH", ""), str(ROOT / "src")]))
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
    environment |= {"SOURCE_DATE_EPOCH": EPOCH, "PYTHONPATH": libraries, **told}
    command = [sys.executable, "-m", "cardforge", *arguments]
    done = subprocess.run(command, cwd=folder, input=stdin, env=environment, capture_output=True, check=False)
    assert b"Traceback" not in done.stderr, done.stderr.decode("utf-8", "replace")
    return Run(done.returncode, done.stdout, done.stderr)


def write(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Make files in ``folder``; returns it."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder
