"""Finds the real components that tests need: a program or file of the system, a package, a browser."""

import importlib.util
import shutil
from pathlib import Path
from typing import Final

import pytest

# What the operating system, not pip, brings: the names a program goes by, and the Debian package that has it.
_PROGRAMS: Final = {
    "chromium": (("chromium", "chromium-browser", "google-chrome"), "chromium"),
    "javac": (("javac",), "default-jdk-headless"),
    "make": (("make",), "make"),
    "pdffonts": (("pdffonts",), "poppler-utils"),
    "pdfinfo": (("pdfinfo",), "poppler-utils"),
    "pdftoppm": (("pdftoppm",), "poppler-utils"),
    "pdftotext": (("pdftotext",), "poppler-utils"),
    "qpdf": (("qpdf",), "qpdf"),
}
# Files of the system: the one that stands for its package, where Debian puts it.
_FILES: Final = {
    "BidiCharacterTest.txt": ("/usr/share/unicode/BidiCharacterTest.txt", "unicode-data"),
    "cmyk profile": ("/usr/share/color/icc/ghostscript/default_cmyk.icc", "libgs-common"),
    "jaxb": ("/usr/share/java/jaxb-runtime.jar", "libjaxb-java"),
}


def find(name: str) -> tuple[str | None, str]:
    """Where a component is, a program's path or a library's file (None: nowhere), and how to install it."""
    if name in _PROGRAMS:
        names, package = _PROGRAMS[name]
        return next(filter(None, map(shutil.which, names)), None), f"apt-get install {package}"
    if name in _FILES:
        path, package = _FILES[name]
        return path if Path(path).is_file() else None, f"apt-get install {package}"
    spec = importlib.util.find_spec(name)
    return (spec.origin or name) if spec else None, "pip install -e '.[test]'"


def require(name: str, *, ci: bool) -> str:
    """Where a component is. Missing, it skips the test with its name and remedy, or under CI fails it."""
    place, remedy = find(name)
    if place is None:
        said = f"NOT TESTED: {name} is missing ({remedy})"
        if ci:
            pytest.fail(said, pytrace=False)
        pytest.skip(said)
    return place
