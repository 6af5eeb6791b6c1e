"""Whoever installs cardforge gets permissive licences, and every font comes with its licence's text."""

import re
import struct
import tomllib
from collections.abc import Callable
from importlib.metadata import Distribution, distribution
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from cardforge.backends.pdf.text.faces import EXTRAS, SOURCES, Packaged

ROOT: Final = Path(__file__).parent.parent
OURS: Final = ROOT / "src" / "cardforge" / "licences"
PROJECT: Final = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]

PERMISSIVE: Final = frozenset(
    {
        "Apache-2.0",
        "Bitstream-Vera",
        "BSD",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "HPND",
        "ISC",
        "MIT",
        "MIT-0",
        "MIT-CMU",
        "OFL-1.1",
        "PSF-2.0",
        "Zlib",
    }
)
# Not permissive, with the reason in docs/decisions.md (23).
EXCEPTIONS: Final = {"frozendict": "LGPL-3.0-only"}
OPTIONAL_EXCEPTIONS: Final = {"pyphen": "GPL-2.0-or-later AND LGPL-2.1-or-later AND MPL-1.1"}
# Extras that a person may install for more; the test extra is not for them.
OPTIONAL: Final = {extra: lines for extra, lines in PROJECT["optional-dependencies"].items() if extra != "test"}
# What older metadata calls a licence.
SPDX_OF: Final = {
    "SIL Open Font License 1.1 (OFL-1.1)": "OFL-1.1",
    "GNU General Public License v2 or later (GPLv2+)": "GPL-2.0-or-later",
    "GNU Lesser General Public License v2 or later (LGPLv2+)": "LGPL-2.1-or-later",
    "Mozilla Public License 1.1 (MPL 1.1)": "MPL-1.1",
    "Apache License 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Python Software Foundation License": "PSF-2.0",
}


# ---- libraries


def run_time(requirements: list[str]) -> dict[str, Distribution]:
    """All distributions these requirements bring to this machine, by name: theirs too, extras only where asked for."""
    found: dict[str, Distribution] = {}
    asked: set[tuple[str, str]] = set()
    waiting = [(Requirement(line), "") for line in requirements]
    while waiting:
        requirement, extra = waiting.pop()
        if requirement.marker and not requirement.marker.evaluate({"extra": extra}):
            continue
        name = canonicalize_name(requirement.name)
        for wanted in ("", *requirement.extras):
            if (name, wanted) not in asked:
                asked.add((name, wanted))
                found[name] = distribution(name)
                waiting += [(Requirement(line), wanted) for line in found[name].requires or ()]
    return dict(sorted(found.items()))


def licence(dist: Distribution) -> str:
    """A distribution's licence as SPDX identifiers, or in the words of its metadata."""
    meta = dist.metadata
    if "License-Expression" in meta:
        return meta["License-Expression"]
    classifiers = [line for line in meta.get_all("Classifier") or () if line.startswith("License ::")]
    names = [line.rpartition(" :: ")[2] for line in classifiers] or meta.get_all("License") or ["unknown"]
    names = ["OFL-1.1" if NOTICE["OFL-1.1"] in name else name for name in names]  # some put its whole text there
    return " AND ".join(SPDX_OF.get(name, name) for name in names)


def permissive(expression: str) -> bool:
    """Whether every licence an expression names is permissive; of a choice, every one counts."""
    names = re.split(r"\s+(?:AND|OR)\s+", expression.replace("(", " ").replace(")", " ").strip())
    return all(name in PERMISSIVE for name in names)


def test_what_is_installed_is_permissive(say: Callable[[str], None]) -> None:
    found = run_time(PROJECT["dependencies"])
    licences = {name: licence(dist) for name, dist in found.items()}
    say("\n".join(["licences", *(f"{name:<24}{found[name].version:<12}{said}" for name, said in licences.items())]))
    assert {name: said for name, said in licences.items() if not permissive(said)} == EXCEPTIONS


def test_what_extras_bring_is_permissive(say: Callable[[str], None]) -> None:
    found = {name: dist for lines in OPTIONAL.values() for name, dist in run_time(lines).items()}
    licences = {name: licence(dist) for name, dist in sorted(found.items())}
    say("\n".join(["licences", *(f"{name:<24}{found[name].version:<12}{said}" for name, said in licences.items())]))
    assert {name: said for name, said in licences.items() if not permissive(said)} == OPTIONAL_EXCEPTIONS


def test_extras_are_pinned() -> None:
    for lines in OPTIONAL.values():
        assert all([spec.operator for spec in Requirement(line).specifier] == ["=="] for line in lines), lines


def test_dependencies_of_dependencies_are_looked_at() -> None:
    assert {"genanki", "chevron", "rich", "markdown-it-py", "mdurl", "fontpkg"} <= set(
        run_time(PROJECT["dependencies"])
    )


def test_an_extra_that_is_asked_for_is_looked_at() -> None:
    assert "execnet" in run_time(["pytest-xdist"])
    assert "psutil" not in run_time(["pytest-xdist"])


@pytest.mark.parametrize(
    "said",
    ["AGPL-3.0-or-later", "GPL-3.0-only", "MIT AND GPL-2.0-only", "(MIT OR LGPL-3.0-only)", "unknown"],
)
def test_other_licences_are_refused(said: str) -> None:
    assert not permissive(said)


def test_ankis_own_licence_is_refused(need: Callable[[str], str]) -> None:
    need("anki")
    assert not permissive(licence(distribution("anki")))


def test_the_exception_is_not_used(need: Callable[[str], str]) -> None:
    genanki = Path(need("genanki")).parent
    assert not [path for path in genanki.rglob("*.py") if "frozendict" in path.read_text("utf-8")]


def test_anki_is_only_for_tests() -> None:
    extras = PROJECT["optional-dependencies"]
    asking = {extra for extra, lines in extras.items() if any(Requirement(line).name == "anki" for line in lines)}
    assert asking == {"test"}
    assert "anki" not in run_time(PROJECT["dependencies"])


# ---- fonts

NOTICE: Final = {
    "OFL-1.1": "SIL OPEN FONT LICENSE Version 1.1 - 26 February 2007",
    "Bitstream-Vera": "Bitstream Vera Fonts Copyright",
}
CJK: Final = "NotoSansCJK.txt"
# Package, font file in it, licence, and where the text of that licence is: in the package, or with us.
FONTS: Final = (
    ("fontpkg_noto_sans", "files/NotoSans[wdth,wght].ttf", "OFL-1.1", "LICENSE"),
    ("fontpkg_noto_sans", "files/NotoSans-Italic[wdth,wght].ttf", "OFL-1.1", "LICENSE"),
    ("fontpkg_jetbrains_mono", "files/JetBrainsMono[wght].ttf", "OFL-1.1", "LICENSE"),
    ("fontpkg_jetbrains_mono", "files/JetBrainsMono-Italic[wght].ttf", "OFL-1.1", "LICENSE"),
    ("ziamath", "fonts/STIXTwoMath-Regular.ttf", "OFL-1.1", OURS / "STIXTwoMath.txt"),
    ("ziafont", "fonts/DejaVuSans.ttf", "Bitstream-Vera", OURS / "DejaVuSans.txt"),
)
# The fonts of the optional extras that we open; their packages have the licence, but not every copyright line.
OPTIONAL_FONTS: Final = tuple(
    (origin.package, origin.file, "OFL-1.1", OURS / ("NotoWorld.txt" if origin.package in EXTRAS["world"] else CJK))
    for origin in dict.fromkeys(source.origin for source in SOURCES)
    if isinstance(origin, Packaged) and any(origin.package in packages for packages in EXTRAS.values())
)


def folder_of(package: str) -> Path:
    """Where an installed package is, found without importing it."""
    spec = find_spec(package)
    assert spec is not None, package
    assert spec.origin is not None, package
    return Path(spec.origin).parent


def name_records(font: bytes) -> dict[int, str]:
    """The US English strings of a font's ``name`` table (OpenType) by name id: 0 copyright, 5 version, 13 licence."""
    (tables,) = struct.unpack_from(">4xH", font)
    directory = [struct.unpack_from(">4s4xII", font, 12 + 16 * i) for i in range(tables)]
    start = next(offset for tag, offset, _ in directory if tag == b"name")
    count, strings = struct.unpack_from(">2xHH", font, start)
    records = [struct.unpack_from(">6H", font, start + 6 + 12 * i) for i in range(count)]
    return {
        name: font[start + strings + offset :][:length].decode("utf-16-be")
        for platform, _, language, name, length, offset in records
        if (platform, language) == (3, 0x409)
    }


@pytest.mark.parametrize(
    ("package", "file", "spdx", "text"), FONTS + OPTIONAL_FONTS, ids=lambda value: Path(str(value)).stem
)
def test_a_font_has_its_licence(
    package: str, file: str, spdx: str, text: str | Path, say: Callable[[str], None]
) -> None:
    folder = folder_of(package)
    font = name_records((folder / file).read_bytes())
    notice = (folder / text).read_text("utf-8")
    place = f"{package}/{text}" if isinstance(text, str) else text.relative_to(ROOT).as_posix()
    say(f"fonts\n{Path(file).name:<34}{font[5]:<20}{package:<24}{spdx:<16}{place}")
    assert spdx in PERMISSIVE
    assert NOTICE[spdx] in notice
    for line in font[0].strip().splitlines():
        assert line in notice or "public domain" in line, "the font's own copyright line is missing"


def test_every_font_we_depend_on_is_listed() -> None:
    carriers = {Path(str(dist.locate_file(path))) for dist in _font_carriers() for path in dist.files or ()}
    listed = {folder_of(package) / file for package, file, _, _ in FONTS}
    assert {path.resolve() for path in carriers if path.suffix in {".ttf", ".otf", ".woff2"}} == {
        path.resolve() for path in listed
    }


def _font_carriers() -> list[Distribution]:
    # ReportLab carries fonts as well; the print never uses them (tests of the PDF back end say which are embedded).
    return [dist for name, dist in run_time(PROJECT["dependencies"]).items() if name != "reportlab"]


def test_a_font_whose_licence_says_otherwise_is_found() -> None:
    dejavu = name_records((folder_of("ziafont") / "fonts/DejaVuSans.ttf").read_bytes())
    assert NOTICE["Bitstream-Vera"] in dejavu[13]
    assert NOTICE["OFL-1.1"] not in dejavu[13]
