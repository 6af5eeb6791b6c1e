"""Every slug has one minimal input and its exact report, and is explained in docs/diagnostics.md with that report.

``GOLDEN=write`` in the environment writes the reports, and the examples of the document, anew; then read the diff.
"""

import json
import os
import re
import shlex
import shutil
from pathlib import Path
from typing import Final

import pytest

from cardforge.diagnostics import Code, Severity, severity_of
from command import ROOT, cardforge

CASES: Final = ROOT / "tests" / "cases" / "findings"
DOCUMENT: Final = ROOT / "docs" / "diagnostics.md"
EXTRACT: Final = ROOT / "src" / "cardforge" / "cli" / "findings.json"
WRITE: Final = os.environ.get("GOLDEN") == "write"


def _report(case: Path, copy: Path) -> str:
    """What the case's command does, as its ``report.txt`` has it. Sizes of products differ from machine to machine."""
    shutil.copytree(case, copy, ignore=shutil.ignore_patterns("report.txt"))
    for module in copy.rglob("*.py.txt"):  # under a name that no linter takes for a module of ours
        module.rename(module.with_suffix(""))
    prompt = (case / "report.txt").read_text("utf-8").splitlines()[0]
    words = shlex.split(prompt.removeprefix("$ "))
    settings = [word for word in words if re.match(r"[A-Z]+=", word)]
    env = dict(word.split("=", 1) for word in settings)
    assert words[len(settings)] == "cardforge"
    done = cardforge(copy, *words[len(settings) + 1 :], env=env)
    parts = [prompt, f"exit status {done.status}", "", "stdout:", done.stdout, "stderr:", done.stderr]
    return re.sub(r"\([\d,]+ bytes\)", "(… bytes)", "\n".join(parts))


def _sections() -> dict[str, str]:
    parts = re.split(r"^### `([a-z0-9-]+)`\n", DOCUMENT.read_text("utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def _finding(report: str, slug: str) -> str:
    """The finding itself, as a person sees it: its head, excerpt and hint."""
    lines = report.splitlines()
    start = next(i for i, line in enumerate(lines) if f"[{slug}]: " in line)
    end = next(i for i in range(start, len(lines)) if lines[i].startswith("  = "))
    return "\n".join(lines[start : end + 1])


def test_every_slug_has_a_case_and_a_section() -> None:
    slugs = [str(code) for code in Code]
    assert sorted(case.name for case in CASES.iterdir()) == sorted(slugs)
    assert list(_sections()) == slugs, "docs/diagnostics.md has its sections in the order of diagnostics.py"


@pytest.mark.parametrize("code", Code)
def test_the_smallest_input_gives_the_report(code: Code, tmp_path: Path) -> None:
    golden = CASES / str(code) / "report.txt"
    report = _report(golden.parent, tmp_path / "project")
    if WRITE:
        golden.write_text(report, "utf-8")
    assert report == golden.read_text("utf-8")
    found = re.findall(r"(error|warning|advice)\[([a-z0-9-]+)\]", report)
    assert found == [(severity_of(code).value, str(code))], "one finding, of this slug"


@pytest.mark.parametrize("code", Code)
def test_the_document_says_why_shows_it_and_mends_it(code: Code) -> None:
    section = _sections()[str(code)]
    finding = _finding((CASES / str(code) / "report.txt").read_text("utf-8"), str(code))
    if WRITE:
        text = DOCUMENT.read_text("utf-8")
        shown = re.sub(r"```text\n.*?\n```", lambda _: f"```text\n{finding}\n```", section, count=1, flags=re.DOTALL)
        DOCUMENT.write_text(text.replace(f"### `{code}`\n{section}", f"### `{code}`\n{shown}"), "utf-8")
        section = shown
    assert f"```text\n{finding}\n```" in section
    assert re.search(r"^\*\*Why\.\*\* \S", section, re.MULTILINE)
    assert re.search(r"^\*\*Mend\.\*\* \S", section, re.MULTILINE)
    weight = {Severity.ERROR: "Error", Severity.WARNING: "Warning", Severity.ADVICE: "Advice"}[severity_of(code)]
    assert section.lstrip().startswith(f"{weight}."), "the section begins with the severity"


def test_the_program_carries_the_words_of_the_document() -> None:
    """Why and mend, for formats that explain themselves; the document is where they are written."""
    words = {
        slug: {
            part.lower(): " ".join(told[1].split())
            for part in ("Why", "Mend")
            if (told := re.search(rf"^\*\*{part}\.\*\* (.*?)(?=^#|^```|\n\n|\Z)", section, re.MULTILINE | re.DOTALL))
        }
        for slug, section in _sections().items()
    }
    extract = json.dumps(words, ensure_ascii=False, indent=1) + "\n"
    if WRITE:
        EXTRACT.write_text(extract, "utf-8")
    assert extract == EXTRACT.read_text("utf-8"), "write it anew with GOLDEN=write"


@pytest.mark.parametrize("code", Code)
def test_a_report_reads_well(code: Code) -> None:
    """Where, what, what to do: whole sentences, so that they read well in every format."""
    lines = _finding((CASES / str(code) / "report.txt").read_text("utf-8"), str(code)).splitlines()
    message, hint = lines[0].split("]: ", 1)[1], lines[-1].removeprefix("  = ")
    for sentence in (message, hint):
        assert sentence == sentence.strip()
        assert not sentence[0].islower() or sentence.startswith("cardforge ")
        assert sentence[-1] in ".?"
        assert len(sentence) <= 160
