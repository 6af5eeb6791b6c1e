"""Code in colour, for print, Anki and the page. The only home of Pygments.

Pygments names a token's kind by a short CSS class; :func:`tokens` reduces those to the ones that have a :class:`Style`
here, so that every class it gives is a key of :data:`STYLES`.
"""

from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from cardforge.values import dataclass

if TYPE_CHECKING:
    from pygments.lexer import Lexer
    from pygments.token import _TokenType

LONGEST: Final = 8000
"""The longest code that is coloured, in characters: some 200 lines.

Several lexers (C#, Java, C, TypeScript) take time in the square of what they read: at this length eight seconds for the
worst input known, at 64 Ki characters ten minutes. A time limit would make the same input give other bytes elsewhere.
"""

Tokens = tuple[tuple[str, str], ...]
"""Pairs of a CSS class ("" for plain text) and characters; joined, the characters are the code."""


@dataclass(frozen=True, slots=True)
class Style:
    """How a kind of token looks: colours as ``#rrggbb`` for a light and a dark ground, both readable (WCAG AA)."""

    light: str
    dark: str
    bold: bool = False
    italic: bool = False


LIGHT_GROUND: Final = "#f6f7f9"
DARK_GROUND: Final = "#22272e"

_KEYWORD: Final = Style("#862e8c", "#dba4e3")
_NAME: Final = Style("#0b5d75", "#7fcfe0")
_STRING: Final = Style("#2c6a31", "#9fcf8f")
_ESCAPE: Final = Style("#7a5200", "#dcc074")
_NUMBER: Final = Style("#97440b", "#eaac75")
_COMMENT: Final = Style("#5d6875", "#9aa6b4", italic=True)
_FUNCTION: Final = Style("#1d58a8", "#8abcf5")
_TAG: Final = Style("#a32b48", "#f49aa8")

STYLES: Final[Mapping[str, Style]] = MappingProxyType(
    {
        "k": _KEYWORD,  # keyword
        "kc": _NUMBER,  # constant: true, None
        "kt": _NAME,  # built-in type
        "ow": _KEYWORD,  # operator that is a word
        "nb": _NAME,  # built-in function
        "nc": Style("#0b5d75", "#7fcfe0", bold=True),  # class where it is defined
        "nf": _FUNCTION,  # function
        "nd": _ESCAPE,  # decorator
        "no": _NUMBER,  # constant
        "nv": _TAG,  # variable, where a language marks it
        "nt": _TAG,  # tag, key
        "na": _FUNCTION,  # attribute, property
        "s": _STRING,  # string
        "se": _ESCAPE,  # escape in a string
        "si": _ESCAPE,  # interpolation
        "sr": _ESCAPE,  # regular expression
        "m": _NUMBER,  # number
        "c": _COMMENT,  # comment
        "cp": Style("#6d5a00", "#d1c06b"),  # preprocessor, processing instruction
        "gd": Style("#a32b48", "#f49aa8"),  # deleted line of a diff
        "gi": Style("#2c6a31", "#9fcf8f"),  # inserted line of a diff
        "gh": Style("#1d58a8", "#8abcf5", bold=True),  # heading
        "gp": _COMMENT,  # prompt of a console
        "gr": Style("#a32b48", "#f49aa8"),  # error message, traceback
        "ge": Style("#24292f", "#dde3ea", italic=True),  # emphasis
        "gs": Style("#24292f", "#dde3ea", bold=True),  # strong
    }
)

# Pygments' classes that look like another; what is in neither table is plain.
_LIKE: Final[Mapping[str, str]] = {
    **dict.fromkeys(("kd", "kn", "kp", "kr"), "k"),
    **dict.fromkeys(("bp", "ne", "ni"), "nb"),
    **dict.fromkeys(("fm",), "nf"),
    **dict.fromkeys(("vc", "vg", "vi", "vm"), "nv"),
    **dict.fromkeys(("py",), "na"),
    **dict.fromkeys(("sa", "sb", "sc", "dl", "sd", "s2", "sh", "sx", "s1", "ss", "ld"), "s"),
    **dict.fromkeys(("mb", "mf", "mh", "mi", "il", "mo"), "m"),
    **dict.fromkeys(("ch", "cm", "c1", "cs", "cpf"), "c"),
    "gu": "gh",
    "gt": "gr",
    "ges": "gs",
}

# Names that fences in the wild carry and Pygments does not know.
_ALIASES: Final[Mapping[str, str]] = {
    "jsx": "javascript",
    "mjs": "javascript",
    "cjs": "javascript",
    "node": "javascript",
    "tsx": "typescript",
    "mts": "typescript",
    "jsonc": "json",
    "json5": "json",
    "plaintext": "text",
    "plain": "text",
    "txt": "text",
    "none": "text",
}


@lru_cache(maxsize=1024)
def tokens(code: str, language: str) -> Tokens:
    """Split code into classes of token, equal neighbours merged; ``language`` is the first word after a fence.

    Plain, as one token, is what no lexer is known for, what is too long, and what its lexer fails on or does not give
    back to the letter. Raises nothing.
    """
    plain: Tokens = (("", code),) if code else ()
    name = language_name(language)
    if not name or not code or len(code) > LONGEST:
        return plain
    try:
        found = tuple(_merged(_lexed(code, name)))
    except Exception:  # noqa: BLE001 - several hundred lexers by as many hands, fed with anything
        return plain
    return found if "".join(text for _, text in found) == code else plain


def language_name(written: str) -> str:
    """The name of a language in what stands after a fence, in lower case: ``{.Python hl=2}`` is ``python``."""
    words = written.replace("{", " ").replace("}", " ").replace(",", " ").split()
    return words[0].lstrip(".").removeprefix("language-").lower() if words else ""


def _lexed(code: str, name: str) -> Iterator[tuple[str, str]]:
    # A lexer is made for each code, since some keep what they read; which it is has been looked for among hundreds.
    lexer = _lexer_class(_ALIASES.get(name, name))()
    left = len(code)
    # Many lexers read a last line only if it ends. The unprocessed tokens are the text as it is: no newline is
    # normalised, no tab expanded.
    for _, kind, text in lexer.get_tokens_unprocessed(code + "\n"):
        shown = text[:left]
        left -= len(shown)
        if shown:
            yield _class_of(kind), shown


@lru_cache(maxsize=128)
def _lexer_class(name: str) -> "type[Lexer]":
    """The lexer known by a name. Raises ``ClassNotFound`` where there is none."""
    from pygments.lexers import find_lexer_class_by_name  # loaded when asked for: many builds show no code

    return find_lexer_class_by_name(name)


@cache
def _class_of(kind: "_TokenType") -> str:
    """The class of a lexer's own kind of token: that of the nearest kind above it that has one."""
    from pygments.token import STANDARD_TYPES

    css_class = next(STANDARD_TYPES[k] for k in reversed(kind.split()) if k in STANDARD_TYPES)
    css_class = _LIKE.get(css_class, css_class)
    return css_class if css_class in STYLES else ""


def _merged(pairs: Iterator[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    last, texts = "", list[str]()
    for css_class, text in pairs:
        if css_class != last and texts:
            yield last, "".join(texts)
            texts.clear()
        last = css_class
        texts.append(text)
    if texts:
        yield last, "".join(texts)


def css(prefix: str, dark_prefix: str = "") -> str:
    """Rules for spans below ``prefix`` on a light ground and, if given, below ``dark_prefix`` on a dark one.

    Both are selectors, such as ``.cf-code`` and ``.nightMode .cf-code``. For a media query take :func:`dark_css`.
    """
    light = "".join(
        f"{_selector(prefix, names)}{{color:{style.light}"
        f"{';font-weight:600' if style.bold else ''}{';font-style:italic' if style.italic else ''}}}\n"
        for style, names in _groups().items()
    )
    return light + (dark_css(dark_prefix) if dark_prefix else "")


def dark_css(prefix: str) -> str:
    """Only the colours for a dark ground, to follow :func:`css`."""
    return "".join(f"{_selector(prefix, names)}{{color:{style.dark}}}\n" for style, names in _groups().items())


def _groups() -> dict[Style, list[str]]:
    groups: dict[Style, list[str]] = {}
    for name, style in STYLES.items():
        groups.setdefault(style, []).append(name)
    return groups


def _selector(prefix: str, names: list[str]) -> str:
    return ",".join(f"{prefix} .{name}" for name in names)
