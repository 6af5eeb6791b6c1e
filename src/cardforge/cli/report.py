"""Findings as people and programs want them: text with an excerpt and a caret, JSON, GitHub annotations."""

import json
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from cardforge.diagnostics import Diagnostic, Severity

_WIDEST = 100
_COLOURS = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.ADVICE: "36"}
_GITHUB = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.ADVICE: "notice"}


class Format(StrEnum):
    """How findings are written."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"


def visible(text: str) -> str:
    """The text with control, format and bidi characters as escapes: a file name must not move the cursor."""
    return "".join(
        (f"\\u{ord(char):04x}" if char <= "\uffff" else f"\\U{ord(char):08x}")
        if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp") and char != "\u200d"
        else char
        for char in text
    )


def write_findings(found: Iterable[Diagnostic], texts: Mapping[str, str], how: Format, *, colour: bool) -> str:
    """All findings in the given format, ending in a newline unless there is nothing to say."""
    match how:
        case Format.TEXT:
            lines = {file: text.splitlines() for file, text in texts.items()}
            return "".join(_text(diagnostic, lines, colour=colour) for diagnostic in found)
        case Format.JSON:
            return json.dumps([_plain(d) for d in found], ensure_ascii=False, indent=2) + "\n"
        case Format.GITHUB:
            return "".join(_annotation(diagnostic) for diagnostic in found)


def _place(diagnostic: Diagnostic) -> str:
    span = diagnostic.span
    position = f":{span.line}:{span.column}" if span.line else ""
    return visible(span.file) + position if span.file else ""


def _text(diagnostic: Diagnostic, lines_of: Mapping[str, Sequence[str]], *, colour: bool) -> str:
    def paint(text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if colour else text

    place = _place(diagnostic)
    severity = paint(diagnostic.severity.value, f"1;{_COLOURS[diagnostic.severity]}")
    head = f"{paint(place, '1')}: " if place else ""
    lines = [f"{head}{severity}[{diagnostic.code}]: {visible(diagnostic.message)}"]
    span = diagnostic.span
    source = lines_of.get(span.file, ())
    if 0 < span.line <= len(source):
        excerpt, caret = _excerpt(
            source[span.line - 1], span.column, span.end_column if span.end_line == span.line else 0
        )
        gutter = f"{span.line} | "
        lines.append(f"  {paint(gutter, '2')}{excerpt}")
        lines.append(f"  {' ' * len(gutter)}{paint(caret, _COLOURS[diagnostic.severity])}")
    lines.append(f"  = {visible(diagnostic.hint)}")
    return "\n".join(lines) + "\n"


def _excerpt(line: str, column: int, end: int) -> tuple[str, str]:
    """A line around ``column`` in at most 100 characters, and the carets below it."""
    start = max(0, column - 1 - _WIDEST // 2) if len(line) > _WIDEST else 0
    piece = line[start : start + _WIDEST].replace("\t", " ")
    before, after = "…" if start else "", "…" if start + _WIDEST < len(line) else ""
    at = column - 1 - start
    to = max(min(end - 1 - start, len(piece)), at + 1)
    lead = _columns(before) + _columns(visible(piece[:at]))
    return f"{before}{visible(piece)}{after}".rstrip(), " " * lead + "^" * max(1, _columns(visible(piece[at:to])))


def _columns(text: str) -> int:
    """The columns a text takes in a terminal."""
    wide = sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
    return wide - sum(1 for char in text if unicodedata.combining(char))


def _plain(diagnostic: Diagnostic) -> dict[str, object]:
    span = diagnostic.span
    return {
        "code": str(diagnostic.code),
        "severity": diagnostic.severity.value,
        "file": span.file,
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
        "message": diagnostic.message,
        "hint": diagnostic.hint,
    }


def _annotation(diagnostic: Diagnostic) -> str:
    def data(text: str) -> str:
        return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")

    def value(text: str) -> str:
        return data(text).replace(":", "%3A").replace(",", "%2C")

    span = diagnostic.span
    parts = [f"file={value(span.file)}"] if span.file else []
    if span.line:
        parts += [f"line={span.line}", f"col={span.column}", f"endLine={span.end_line}", f"endColumn={span.end_column}"]
    parts.append(f"title={value(str(diagnostic.code))}")
    message = data(visible(f"{diagnostic.message} {diagnostic.hint}"))
    return f"::{_GITHUB[diagnostic.severity]} {','.join(parts)}::{message}\n"


def summary(found: Iterable[Diagnostic]) -> str:
    """What was found, counted in words ("2 errors, 1 warning"); "" when nothing was."""
    counts = {severity: sum(d.severity is severity for d in found) for severity in Severity}
    names = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.ADVICE: "piece of advice"}
    plural = {Severity.ERROR: "errors", Severity.WARNING: "warnings", Severity.ADVICE: "pieces of advice"}
    parts = [f"{n} {names[s] if n == 1 else plural[s]}" for s, n in counts.items() if n]
    return ", ".join(parts)
