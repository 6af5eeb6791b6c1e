"""How blocks begin and end (CommonMark 0.31, chapters 4 and 5; GFM 0.29, sections 4.10 and 5.3): patterns only."""

import re

FENCE = re.compile(r"(?P<mark>`{3,}(?=[^`]*$)|~{3,})(?P<info>.*)$")
HEADING = re.compile(r"(?P<marks>#{1,6})(?:[ \t]+|$)")
HEADING_END = re.compile(r"(?:^|[ \t]+)#+[ \t]*$")
SETEXT = re.compile(r"(?:=+|-+)[ \t]*$")
RULE = re.compile(r"([-*_])(?:[ \t]*\1){2,}[ \t]*$")
ITEM = re.compile(r"(?P<mark>[-*+]|(?P<number>\d{1,9})[.)])(?=[ \t]|$)")
TASK = re.compile(r"\[(?P<done>[ xX])\](?=[ \t])")
NOTE = re.compile(r"\[\^(?P<label>[^\]\s]{1,999})\]:[ \t]*")
NODE = re.compile("(?P<node>\ufdd0B\\d+\ufdd1)[ \t]*$")
"""A block that was set aside before."""
ALERT = re.compile(r"\[!(?P<kind>note|tip|important|warning|caution)\][ \t]*$", re.IGNORECASE)

_NAMES = (
    "address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog|dir|div|dl|dt"
    "|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe|legend|li|link|main|menu"
    "|menuitem|nav|noframes|ol|optgroup|option|p|param|search|section|source|summary|table|tbody|td|tfoot|th|thead|title"
    "|tr|track|ul"
)
_ATTRIBUTE = r"[ \t\n]++[A-Za-z_:][\w:.-]*+(?:[ \t\n]*+=[ \t\n]*+(?:[^ \t\n\"'=<>`]++|'[^']*+'|\"[^\"]*+\"))?"
OPEN_TAG = rf"<[A-Za-z][A-Za-z0-9-]*+(?:{_ATTRIBUTE})*+[ \t\n]*+/?>"
CLOSE_TAG = r"</[A-Za-z][A-Za-z0-9-]*+[ \t\n]*+>"

SUMMARY = re.compile(r"<summary\b[^<>]*>(?P<words>.*)</summary\s*>[ \t]*$", re.IGNORECASE)

HTML: tuple[tuple[re.Pattern[str], re.Pattern[str] | None], ...] = (
    (re.compile(r"</?details\b[^<>]*>[ \t]*$", re.IGNORECASE), re.compile(">")),
    (
        re.compile(r"<(?:script|pre|style|textarea)(?=[ \t>]|$)", re.IGNORECASE),
        re.compile(r"</(?:script|pre|style|textarea)>", re.IGNORECASE),
    ),
    (re.compile(r"<!--"), re.compile(r"-->")),
    (re.compile(r"<\?"), re.compile(r"\?>")),
    (re.compile(r"<![A-Za-z]"), re.compile(r">")),
    (re.compile(r"<!\[CDATA\["), re.compile(r"\]\]>")),
    (re.compile(rf"</?(?:{_NAMES})(?=[ \t]|/?>|$)", re.IGNORECASE), None),
    (re.compile(rf"(?:{OPEN_TAG}|{CLOSE_TAG})[ \t]*$"), None),
)
"""How HTML blocks begin and end; None: at a blank line. First a fold's tags, in which Markdown is Markdown without any
blank line, then the standard's seven kinds. The last interrupts no paragraph."""

_DELIMITER = re.compile(r"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
_CELL = re.compile(r"(?:[^\\|]|\\.|\\$)*+")


def cells_of(row: str) -> list[str]:
    """The cells of a table's row; a pipe with a backslash belongs to its cell, in code as well."""
    row = row.strip(" \t").removeprefix("|")
    cells, at = [], 0
    while at < len(row):
        found = _CELL.match(row, at)
        end = found.end() if found else at
        cells.append(row[at:end].strip(" \t").replace("\\|", "|"))
        at = end + 1
    return cells or [""]


def alignments(row: str) -> list[str] | None:
    """The alignments a table's second row gives, None where it is no such row."""
    if not _DELIMITER.match(row):
        return None
    cells = cells_of(row)
    return [
        {(True, True): "center", (True, False): "left", (False, True): "right"}.get(
            (cell.startswith(":"), cell.endswith(":")), ""
        )
        for cell in cells
    ]
