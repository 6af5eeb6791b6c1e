"""Findings as people and programs want them: text with an excerpt and a caret, JSON, GitHub annotations, SARIF."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field

from cardforge.cli.excerpt import excerpt, visible
from cardforge.cli.options import Format
from cardforge.diagnostics import Code, Diagnostic, Severity
from cardforge.passage import split_lines
from cardforge.values import dataclass

__all__ = ["Format", "Frame", "summary", "visible", "write_findings"]

_FEW = 5
"""Pieces of advice of one kind that are shown before the rest is counted."""
_COLOURS = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.ADVICE: "36"}
_GITHUB = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.ADVICE: "notice"}


@dataclass(frozen=True, slots=True)
class Frame:
    """What findings are shown with: the texts they point into, by file, and how a shown file is called from the root.

    Advice of a kind in ``full`` is shown piece by piece, of others the first few.
    """

    texts: Mapping[str, str] = field(default_factory=dict)
    colour: bool = False
    full: frozenset[Code] = frozenset(Code)
    path_of: Callable[[str], str] = str


def write_findings(found: Sequence[Diagnostic], how: Format, frame: Frame) -> str:
    """All findings in the given format, ending in a newline unless there is nothing to say."""
    files = {diagnostic.span.file for diagnostic in found} & frame.texts.keys()
    lines = {file: split_lines(frame.texts[file]) for file in files}
    match how:
        case Format.TEXT:
            return "".join(_texts(found, lines, frame))
        case Format.JSON:
            return json.dumps([_plain(d) for d in found], ensure_ascii=False, indent=2) + "\n"
        case Format.GITHUB:
            return "".join(_annotation(diagnostic) for diagnostic in found)
        case Format.SARIF:
            from cardforge.cli.sarif import as_sarif

            return as_sarif(found, lines, frame.path_of)


def _texts(found: Sequence[Diagnostic], lines: Mapping[str, Sequence[str]], frame: Frame) -> Iterable[str]:
    """Errors and warnings in the order of their places; then advice, kind by kind."""
    yield from (_text(d, lines, colour=frame.colour) for d in found if d.severity is not Severity.ADVICE)
    for code in Code:
        kind = [d for d in found if d.code is code and d.severity is Severity.ADVICE]
        few = kind if code in frame.full or len(kind) == _FEW + 1 else kind[:_FEW]
        yield from (_text(d, lines, colour=frame.colour) for d in few)
        if len(few) < len(kind):
            yield f"… and {len(kind) - len(few):,} more of {code}: --select {code} shows all of them.\n"


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
        end = span.end_column if span.end_line == span.line else 0
        shown, caret = excerpt(source[span.line - 1], span.column, end)
        gutter = f"{span.line} | "
        lines.append(f"  {paint(gutter, '2')}{shown}")
        lines.append(f"  {' ' * len(gutter)}{paint(caret, _COLOURS[diagnostic.severity])}")
    lines.append(f"  = {visible(diagnostic.hint)}")
    return "\n".join(lines) + "\n"


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
        return visible(text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A"))

    def value(text: str) -> str:
        return data(text).replace(":", "%3A").replace(",", "%2C")

    span = diagnostic.span
    parts = [f"file={value(span.file)}"] if span.file else []
    if span.line:
        parts += [f"line={span.line}", f"endLine={max(span.end_line, span.line)}"]
        if span.end_line == span.line:  # GitHub takes columns of one line only
            parts += [f"col={span.column}", f"endColumn={span.end_column}"]
    parts.append(f"title={value(str(diagnostic.code))}")
    message = data(f"{diagnostic.message} {diagnostic.hint}")
    return f"::{_GITHUB[diagnostic.severity]} {','.join(parts)}::{message}\n"


def summary(found: Iterable[Diagnostic]) -> str:
    """What was found, counted in words ("2 errors, 1 warning"); "" when nothing was."""
    counts = {severity: sum(d.severity is severity for d in found) for severity in Severity}
    names = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.ADVICE: "piece of advice"}
    plural = {Severity.ERROR: "errors", Severity.WARNING: "warnings", Severity.ADVICE: "pieces of advice"}
    parts = [f"{n} {names[s] if n == 1 else plural[s]}" for s, n in counts.items() if n]
    return ", ".join(parts)
