"""Gives the tags of folds lines of their own, so that Markdown inside a fold is Markdown, whatever stands around it."""

import re

from cardforge.body.opaque import DETAILS, fences, indented_code

_SUMMARY = re.compile(r"\s*(?P<open><summary\b[^<>]*>)(?P<summary>.*?)</summary\s*>", re.IGNORECASE | re.DOTALL)
_LONGEST_SUMMARY = 4_000


def part_folds(text: str) -> str:
    """The text with each tag of a fold, and its summary, on a line of its own, indented as the line it stood in."""
    if "<" not in text or "<details" not in text.lower():
        return text
    code = sorted([*((fence.start, fence.end) for fence in fences(text)), *indented_code(text)])
    parts: list[str] = []
    position = 0
    lead = ""
    for tag in DETAILS.finditer(text):
        while code and code[0][1] <= tag.start():
            code.pop(0)
        if not (tag["open"] or tag["close"]) or (code and code[0][0] <= tag.start()):
            continue
        before = text[text.rfind("\n", 0, tag.start()) + 1 : tag.start()]
        if "|" in before:
            continue  # a line of a table stays one
        if tag["open"] or (tag.start() >= position and not before.strip(" \t>")):
            lead = _blank(before)
        parts.append(text[position : tag.start()])
        if before.strip(" \t>") and not _is_mark(before):
            parts.append(f"\n{lead}")
        parts.append(tag[0])
        position = tag.end()
        if tag["open"] and (summary := _SUMMARY.match(text, position, position + _LONGEST_SUMMARY)):
            told = " ".join(re.sub(r"\n(?:[ \t]*>)*", " ", summary["summary"]).split())
            parts.append(f"\n{lead}<summary>{told}</summary>")
            position = summary.end()
        if text[position : text.find("\n", position) % (len(text) + 1)].strip():
            parts.append(f"\n{lead}")
    return "".join([*parts, text[position:]])


def _is_mark(before: str) -> bool:
    """Whether only a list's mark stands before a fold."""
    return re.fullmatch(r"[ \t>]*(?:[-*+]|\d{1,9}[.)])[ \t]+", before) is not None


def _blank(lead: str) -> str:
    """The indentation that keeps a line in the list or quote in which a line begins with ``lead``."""
    marks = re.match(r"(?:[ \t]*(?:>|[-*+](?=[ \t])|\d{1,9}[.)](?=[ \t])))*[ \t]*", lead)
    return re.sub(r"[^\s>]", " ", marks[0]) if marks else ""
