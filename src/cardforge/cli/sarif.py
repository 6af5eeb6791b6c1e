"""Findings as a SARIF 2.1.0 log, the format in which code hosts and editors take them."""

import hashlib
import json
import os
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import quote_from_bytes

from cardforge import __version__
from cardforge.cli.excerpt import visible
from cardforge.diagnostics import QUALITY, Code, Diagnostic, Severity, Span, severity_of

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.ADVICE: "note"}
_ROOT = "%SRCROOT%"


@cache
def explanations() -> Mapping[str, Mapping[str, str]]:
    """Why each finding is one and how to mend it, by slug: the words of docs/diagnostics.md."""
    told: dict[str, dict[str, str]] = json.loads(files("cardforge.cli").joinpath("findings.json").read_text("utf-8"))
    return told


def as_sarif(found: Sequence[Diagnostic], lines: Mapping[str, Sequence[str]], path_of: Callable[[str], str]) -> str:
    """The log. ``path_of`` gives the path of a shown file from the root, ``lines`` the files' lines for fingerprints.

    Nothing in it depends on the machine or the time.
    """
    codes = list(Code)
    seen: Counter[str] = Counter()
    results = [_result(each, codes.index(each.code), lines, path_of, seen) for each in found]
    driver = {"name": "cardforge", "version": __version__, "rules": [_rule(code) for code in codes]}
    run = {
        "tool": {"driver": driver},
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The project's folder."}}},
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    log = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=2) + "\n"


def _rule(code: Code) -> dict[str, Any]:
    told = explanations()[str(code)]
    name = "".join(part.capitalize() for part in code.split("-"))
    return {
        "id": str(code),
        "name": name,
        "shortDescription": {"text": name[0] + re.sub(r"(?<!^)([A-Z])", lambda m: f" {m[1].lower()}", name[1:]) + "."},
        "fullDescription": {"text": _plain(told["why"])},
        "help": {
            "text": f"{_plain(told['why'])}\n\n{_plain(told['mend'])}",
            "markdown": f"**Why.** {told['why']}\n\n**Mend.** {told['mend']}",
        },
        "defaultConfiguration": {"level": _LEVELS[severity_of(code)]},
        "properties": {"tags": ["quality" if code in QUALITY else "structure"]},
    }


def _plain(markdown: str) -> str:
    """Words without the marks of code, emphasis and links."""
    return re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", re.sub(r"`+|\*\*", "", markdown))


def _result(
    finding: Diagnostic,
    index: int,
    lines: Mapping[str, Sequence[str]],
    path_of: Callable[[str], str],
    seen: Counter[str],
) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": str(finding.code),
        "ruleIndex": index,
        "level": _LEVELS[finding.severity],
        "message": {"text": visible(f"{finding.message} {finding.hint}")},
    }
    span = finding.span
    path = path_of(span.file)
    if span.file:
        place: dict[str, Any] = {"artifactLocation": _location(path)}
        if span.line:
            place["region"] = _region(span)
        result["locations"] = [{"physicalLocation": place}]
    source = lines.get(span.file, ())
    line = source[span.line - 1] if 0 < span.line <= len(source) else ""
    # The line's own words and not its number: what stands elsewhere after an edit is the same finding.
    told = repr((str(finding.code), path, " ".join(line.split()))).encode("utf-8", "replace")
    key = hashlib.sha256(told).hexdigest()[:32]
    seen[key] += 1
    result["partialFingerprints"] = {"cardforgeFinding/v1": f"{key}:{seen[key]}"}
    return result


def _location(path: str) -> dict[str, str]:
    """A file by its address: below the root relative to it, else by its whole path."""
    uri = quote_from_bytes(os.fsencode(path), safe="/~")
    if path.startswith("/"):
        return {"uri": f"file://{uri}"}
    return {"uri": uri, "uriBaseId": _ROOT}


def _region(span: Span) -> dict[str, int]:
    region = {"startLine": span.line, "startColumn": max(span.column, 1)}
    if span.end_line >= span.line:
        region |= {"endLine": span.end_line, "endColumn": max(span.end_column, 1)}
    return region
