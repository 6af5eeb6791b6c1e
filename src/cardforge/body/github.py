"""Makes Python-Markdown read blocks as GitHub does, where the two differ.

Python-Markdown nests lists by four columns only, wants a blank line before a list and leaves Markdown inside raw HTML
alone. :func:`reindent` rewrites list indentation to what it expects; :class:`HtmlBlocks` ends a raw HTML block at the
first blank line (CommonMark 0.31, section 4.6).
"""

import re
from xml.etree.ElementTree import Element

from markdown import Extension, Markdown
from markdown.inlinepatterns import InlineProcessor, SimpleTagInlineProcessor
from markdown.preprocessors import Preprocessor

_ITEM = re.compile(r"^(?P<blank> *)(?P<mark>[-*+]|(?P<number>\d{1,9})[.)])(?:(?P<gap> +)(?P<rest>\S.*)|\s*)$")
_RULE = re.compile(r"^ {0,3}([-*_])(?: *\1){2,} *$")
_QUOTE = re.compile(r"^ {0,3}> ?")
_STRUCTURE = re.compile(r"^ {0,3}(?:#{1,6}\s|>|\|)")
_STEP = 4


def reindent(text: str) -> str:
    """The text with nested lists indented by four columns a level and blank lines where Python-Markdown needs them."""
    lines = [line.expandtabs(_STEP) if "\t" in line else line for line in text.split("\n")]
    out: list[str] = []
    at = 0
    while at < len(lines):
        if not _QUOTE.match(lines[at]):
            end = next((i for i in range(at, len(lines)) if _QUOTE.match(lines[i])), len(lines))
            out += _reindent_lists(lines[at:end])
        else:
            end = next((i for i in range(at, len(lines)) if not _QUOTE.match(lines[i])), len(lines))
            inner = reindent("\n".join(_QUOTE.sub("", line, count=1) for line in lines[at:end]))
            out += [f"> {line}".rstrip(" ") if not line.endswith("  ") else f"> {line}" for line in inner.split("\n")]
        at = end
    return "\n".join(out)


def _reindent_lists(lines: list[str]) -> list[str]:
    out: list[str] = []
    contents: list[int] = []
    ordered: dict[int, bool] = {}
    blank, second = True, False
    for line in lines:
        if not line.strip():
            out.append("")
            blank = True
            continue
        blanks = len(line) - len(line.lstrip(" "))
        item = None if _RULE.match(line[min(blanks, contents[-1] if contents else 0) :]) else _ITEM.match(line)
        lazy = not blank and item is None and bool(contents) and not _STRUCTURE.match(line)
        if not lazy:
            while contents and blanks < contents[-1]:
                contents.pop()
        inner = contents[-1] if contents else 0
        if item and blanks - inner < _STEP and _may_start(item, out, contents=contents, blank=blank):
            # A list after a paragraph or after one of another type, and an item after a second paragraph, need a blank.
            changed = ordered.get(len(contents), bool(item["number"])) is not bool(item["number"])
            if not blank and (
                second or changed or (not contents and not _ITEM.match(out[-1]) and not out[-1].startswith("    "))
            ):
                out.append("")
            mark = f"{item['number']}." if item["number"] else item["mark"]
            rest = item["rest"] or ""
            out.append(
                f"{' ' * _STEP * len(contents)}{mark} {rest}" if rest else f"{' ' * _STEP * len(contents)}{mark}"
            )
            gap = len(item["gap"] or " ")
            ordered = {level: kind for level, kind in ordered.items() if level < len(contents)}
            ordered[len(contents)] = bool(item["number"])
            contents.append(blanks + len(item["mark"]) + (gap if gap <= _STEP else 1))
            second = False
        else:
            second = bool(contents) and (second or blank)
            if not contents:
                ordered = {}
            out.append(" " * _STEP * len(contents) + (line.lstrip(" ") if lazy else line[inner:]))
        blank = False
    return out


def _may_start(item: re.Match[str], out: list[str], *, contents: list[int], blank: bool) -> bool:
    """Whether a list item may interrupt the paragraph before it: not when empty, nor an ordered one that is not 1."""
    if blank or contents or not out or _ITEM.match(out[-1]):
        return True
    if out[-1].startswith("    "):
        return True
    return item["rest"] is not None and item["number"] in (None, "1")


_OPENS_BLOCK = re.compile(
    r"^ {0,3}</?(?:address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog"
    r"|dir|div|dl|dt|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe|legend|li|link"
    r"|main|menu|menuitem|nav|noframes|ol|optgroup|option|p|param|search|section|summary|table|tbody|td|tfoot|th|thead"
    r"|title|tr|track|ul)(?:\s|/?>|$)",
    re.IGNORECASE,
)
_OPENS_RAW = re.compile(r"^ {0,3}<(?P<tag>script|pre|style|textarea)(?:\s|>|$)", re.IGNORECASE)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


class HtmlBlocks(Preprocessor):
    """Sets raw HTML blocks aside, each up to the next blank line or, for script and its like, to its end tag."""

    def run(self, lines: list[str]) -> list[str]:
        """The lines with every HTML block as a placeholder of its own."""
        out: list[str] = []
        at = 0
        while at < len(lines):
            raw = _OPENS_RAW.match(lines[at])
            if raw is None and not _OPENS_BLOCK.match(lines[at]):
                out.append(lines[at])
                at += 1
                continue
            end = at
            if raw:
                closer = f"</{raw['tag']}".lower()
                while end < len(lines) and closer not in lines[end].lower():
                    end += 1
                end = min(end + 1, len(lines))
            else:
                while end < len(lines) and lines[end].strip():
                    end += 1
            out += ["", self.md.htmlStash.store("\n".join(lines[at:end])), ""]
            at = end
        return out


class HardBreak(InlineProcessor):
    """A backslash at the end of a line."""

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Element, int, int]:  # noqa: ARG002, N802 - the library's  # type: ignore[override]
        """A line break."""
        return Element("br"), m.start(0), m.end(0)


class GitHub(Extension):
    """The differences in blocks and inlines that one instance of Python-Markdown is set up with."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - the library's name
        """Register the processors."""
        md.preprocessors.deregister("html_block")
        md.preprocessors.register(HtmlBlocks(md), "html_block", 20)
        md.inlinePatterns.register(SimpleTagInlineProcessor(r"()~~(?=\S)(.+?)(?<=\S)~~", "del"), "strike", 65)
        md.inlinePatterns.register(HardBreak(r"\\\n", md), "hard_break", 185)


def without_comments(text: str) -> str:
    """The text without HTML comments; their lines stay, so that blocks keep their distance."""
    return _COMMENT.sub("", text) if "<!--" in text else text
