"""The page's colours, light and dark, as CSS. Every text colour has 4.5:1 on every ground it may stand on."""

from collections.abc import Mapping
from typing import Final

from cardforge.backends import highlight

LIGHT: Final[Mapping[str, str]] = {
    "ground": "#f1f3f5",
    "sheet": "#ffffff",
    "tint": highlight.LIGHT_GROUND,
    "line": "#d9dee2",
    "edge": "#76818b",
    "ink": "#1d252d",
    "quiet": "#56616b",
    "important": "#6b3fa0",
    "warning": "#855500",
    "accent": "#1f5f8b",
    "accent-tint": "#e6f0f7",
    "on-accent": "#ffffff",
    "good": "#1c6b3c",
    "good-tint": "#e5f3ea",
    "bad": "#a3262c",
    "bad-tint": "#fbeaea",
    "marker": "#fff0b3",
}
DARK: Final[Mapping[str, str]] = {
    "ground": "#14181c",
    "sheet": "#1c2126",
    "tint": highlight.DARK_GROUND,
    "line": "#343c44",
    "edge": "#7d8893",
    "ink": "#e4e7ea",
    "quiet": "#a1acb6",
    "important": "#c9a9f2",
    "warning": "#e3b461",
    "accent": "#8cc4ec",
    "accent-tint": "#223442",
    "on-accent": "#0f1d28",
    "good": "#86d6a1",
    "good-tint": "#20372a",
    "bad": "#f3a3a5",
    "bad-tint": "#43282a",
    "marker": "#5c4d12",
}
# How a page, or a site that embeds the cards, says which colours it has: ours, Starlight and Docusaurus, Material for
# MkDocs, MkDocs' own theme.
_SAYS: Final = ("data-cf-theme={0}", "data-theme={0}", "data-bs-theme={0}", "data-md-color-scheme={1}")


def colours() -> str:
    """The rules: light, dark where the reader's system or the site says so, light in print."""
    light, dark = (_any(theme, scheme) for theme, scheme in (("light", "default"), ("dark", "slate")))
    asked = f".cf:not({light} *,{light})"
    told = f":is({dark}) .cf"
    return (
        f"{_variables('.cf', LIGHT, 'light')}{highlight.css('.cf .cf-code')}"
        f"@media screen and (prefers-color-scheme:dark){{{_dark(asked)}}}\n"
        f"@media screen{{{_dark(told)}}}\n"
    )


def _any(theme: str, scheme: str) -> str:
    return f":is({','.join(f'[{said.format(theme, scheme)}]' for said in _SAYS)})"


def _dark(scope: str) -> str:
    return _variables(scope, DARK, "dark") + highlight.dark_css(f"{scope} .cf-code")


def _variables(selector: str, palette: Mapping[str, str], scheme: str) -> str:
    values = "".join(f"--cf-{name}:{colour};" for name, colour in palette.items())
    return f"{selector}{{color-scheme:{scheme};{values}}}\n"
