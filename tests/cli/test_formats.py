"""Findings for programs, SARIF by its schema and GitHub's annotations; and the caret below any script."""

import json
import os
import shutil
import subprocess
import tarfile
import unicodedata
from pathlib import Path
from typing import Any, Final

import pytest
from jsonschema import Draft7Validator

from cardforge.cli.excerpt import excerpt
from cardforge.diagnostics import Code
from command import cardforge, write

PACKAGE: Final = "microsoft-jest-sarif-1.0.0-beta.0"
SCHEMA: Final = "package/lib/schemas/sarif-2.1.0-rtm.5.json"
FILES: Final = {
    "cardforge.toml": "",
    "cards/50% of ü.md": "Q: 為什麼 $\\frac{$?\nA: So.\n\nQ: Is it?\nA: Yes.\n",
    "cards/none.md": "# Notes\n",
    "cards/two.md": "Q: Why?\n\nQ: Why?\n",
    "sub/.keep": "",
}


@pytest.fixture(scope="session")
def schema(ci: bool) -> Any:  # noqa: FBT001 - a fixture is handed over by its name
    """The schema of SARIF 2.1.0, once from the npm registry, then from the cache."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "cardforge-tests"
    archive = cache / f"{PACKAGE}.tgz"
    npm = shutil.which("npm")
    if not archive.is_file() and npm:
        cache.mkdir(parents=True, exist_ok=True)
        name, _, version = PACKAGE.removeprefix("microsoft-").partition("-1")
        command = [npm, "pack", f"@microsoft/{name}@1{version}", "--silent", "--pack-destination", str(cache)]
        subprocess.run(command, capture_output=True, timeout=120, check=False)
    if not archive.is_file():
        said = "NOT TESTED: the schema of SARIF is missing (apt-get install npm, and a network)"
        if ci:
            pytest.fail(said, pytrace=False)
        pytest.skip(said)
    with tarfile.open(archive) as packed:
        file = packed.extractfile(SCHEMA)
        assert file is not None
        return json.load(file)


def _sarif(folder: Path, *arguments: str) -> Any:
    return json.loads(cardforge(folder, "check", "--format", "sarif", *arguments).stdout)


def test_sarif_is_valid_and_says_what_the_text_says(schema: Any, tmp_path: Path) -> None:
    log = _sarif(write(tmp_path, FILES))
    assert [error.message for error in Draft7Validator(schema).iter_errors(log)] == []
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == list(Code)
    assert all(rule["help"]["text"] and rule["help"]["markdown"].startswith("**Why.** ") for rule in rules)
    told = {
        (
            result["ruleId"],
            result["level"],
            result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
            tuple(result["locations"][0]["physicalLocation"].get("region", {}).values()),
        )
        for result in run["results"]
    }
    assert told == {
        ("bad-formula", "warning", "cards/50%25%20of%20%C3%BC.md", (1, 14, 1, 15)),
        ("bare-verdict", "note", "cards/50%25%20of%20%C3%BC.md", (4, 4, 4, 10)),
        ("file-without-cards", "note", "cards/none.md", ()),
        ("missing-answer", "error", "cards/two.md", (1, 4, 1, 8)),
        ("missing-answer", "error", "cards/two.md", (3, 4, 3, 8)),
    }
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in run["results"])
    assert Draft7Validator(schema).is_valid(log | {"version": "2.0.0"}) is False


def test_sarif_is_the_same_from_everywhere_and_after_a_line_more(tmp_path: Path) -> None:
    first = _sarif(write(tmp_path / "a", FILES))["runs"][0]["results"]
    assert _sarif(tmp_path / "a" / "sub")["runs"][0]["results"] == first
    assert _sarif(write(tmp_path / "b", FILES))["runs"][0]["results"] == first
    moved = {name: f"\n{text}" if name.endswith("two.md") else text for name, text in FILES.items()}
    second = _sarif(write(tmp_path / "a", moved))["runs"][0]["results"]
    prints = [result["partialFingerprints"] for result in first]
    assert [result["partialFingerprints"] for result in second] == prints
    assert len({str(each) for each in prints}) == len(prints), "equal lines have fingerprints of their own"


def test_annotations_are_escaped_for_github_and_for_terminals(tmp_path: Path) -> None:
    name = "a%,:\n::error::\x1b[31m.md"
    out = cardforge(write(tmp_path, {name: "Q: Why?\n"}), "check", name, "--format", "github").stdout
    assert out.startswith(
        "::error file=a%25%2C%3A%0A%3A%3Aerror%3A%3A\\u001b[31m.md,line=1,endLine=1,col=4,endColumn=8,"
        "title=missing-answer::"
    )
    assert out.count("\n") == 1


def test_sarif_of_a_build_goes_where_the_product_does_not(tmp_path: Path) -> None:
    done = cardforge(write(tmp_path, FILES), "build", "html", "-o", "-", "--format", "sarif", "cards/50% of ü.md")
    assert json.loads(done.stderr[: done.stderr.rindex("}") + 1])["version"] == "2.1.0"
    assert done.stdout.startswith("<!")


def _columns(text: str) -> int:
    """Columns in a terminal, counted another way: pictures of emoji are two, marks on others none."""
    return sum(
        0 if unicodedata.category(c) in ("Mn", "Me", "Cf") else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )


@pytest.mark.parametrize(
    ("before", "marked", "lead", "carets"),
    [
        ("abc ", "def", 4, 3),
        ("為什麼 ", "$x$", 7, 3),
        ("", "為什麼", 0, 6),
        ("e\u0301te\u0301 ", "x", 4, 1),
        ("\t\t", "x", 2, 1),
        ("👩‍👩‍👧 ", "x", 3, 1),
        ("👍🏽 ", "x", 3, 1),
        ("한국어 ", "x", 7, 1),
        ("❤\ufe0f ", "x", 3, 1),
        ("a\u202eb ", "x", 9, 1),
        ("a", "\x1b", 1, 6),
    ],
    ids=ascii,
)
def test_the_caret_stands_below_its_place(before: str, marked: str, lead: int, carets: int) -> None:
    _, caret = excerpt(f"{before}{marked} end", len(before) + 1, len(before) + len(marked) + 1)
    assert caret == " " * lead + "^" * carets


@pytest.mark.parametrize("filler", ["x", "為", "e\u0301", "👩‍👩‍👧"])
@pytest.mark.parametrize("count", [0, 40, 1_000])
@pytest.mark.parametrize("after", [0, 40, 100_000])
def test_a_long_line_is_cut_around_the_place(filler: str, count: int, after: int) -> None:
    before = filler * count
    shown, caret = excerpt(f"{before}HERE{filler * after}", len(before) + 1, len(before) + 5)
    assert "HERE" in shown
    lead = shown.partition("HERE")[0]
    if filler != "👩‍👩‍👧":
        assert len(caret) - 4 == _columns(lead)
        assert _columns(shown) <= 102
    assert caret.endswith("^^^^")
    assert lead.startswith("…") or count < 1_000
    assert shown.endswith("…") or after < 100_000
    assert "…" not in shown or count + after >= 40
