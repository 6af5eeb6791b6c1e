"""The options of the command line, each described once, and those that may stand before or after the verb."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Final

import typer

from cardforge import __version__, printing
from cardforge.backends.targets import TARGETS
from cardforge.cli.streams import emit
from cardforge.model import Kind


class Colour(StrEnum):
    """When to use colour."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


class Format(StrEnum):
    """How findings are written."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"
    SARIF = "sarif"


Target = StrEnum("Target", [name.upper() for name in TARGETS] + ["ALL"])  # type: ignore[misc] # made from the table


class ListFormat(StrEnum):
    """How ``list`` writes cards."""

    TEXT = "text"
    JSON = "json"


@dataclass(slots=True)
class Manners:
    """The options that stand before or after the verb."""

    dry_run: bool = False
    quiet: bool = False
    verbose: bool = False
    colour: Colour = Colour.AUTO


Sources = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[SOURCES]...", help="Files or folders; - is standard input. Left out: the project's sources."
    ),
]
Kinds = Annotated[list[Kind] | None, typer.Option("--kind", help="Only cards of this kind (repeatable).")]
Decks = Annotated[list[str] | None, typer.Option("--deck", metavar="NAME", help="Only this deck and those below it.")]
Tags = Annotated[
    list[str] | None, typer.Option("--tag", metavar="TAG", help="Only cards with this tag or one below it.")
]
Output = Annotated[
    str | None,
    typer.Option("--output", "-o", metavar="PATH", help="A file, a folder (DIR/), or - for standard output."),
]
Locked = Annotated[bool, typer.Option("--locked", help="Fail if the lock would change; for CI.")]
Lock = Annotated[str | None, typer.Option("--lock", metavar="FILE", help="Use this lock, not the project's.")]
Split = Annotated[bool, typer.Option("--split", help="One product for each deck; a page gets an index.")]
Fragment = Annotated[bool, typer.Option("--fragment", help="html: only the content, for a page of your site.")]
Assets = Annotated[
    str | None, typer.Option("--assets", metavar="DIR", help="html: pictures as files in this folder, not in the page.")
]
SourceUrl = Annotated[
    str | None,
    typer.Option("--source-url", metavar="URL", help="html: where the lessons are, for links."),
]
Layout = Annotated[printing.Layout | None, typer.Option("--layout", help="pdf: how cards come onto pages.")]
Size = Annotated[
    str | None, typer.Option("--size", metavar="SIZE", help="pdf: A4 to A8, letter, 3x5, poker, … or 100x70mm.")
]
Orientation = Annotated[
    printing.Orientation | None, typer.Option("--orientation", help="pdf: which way the card lies.")
]
Sides = Annotated[printing.Sides | None, typer.Option("--sides", help="pdf: which sides are printed, in what order.")]
Flip = Annotated[printing.Flip | None, typer.Option("--flip", help="pdf: the edge about which the printer turns.")]
Sheet = Annotated[
    str | None, typer.Option("--sheet", metavar="SIZE", help="pdf: a4, letter, avery-5371, … or 320x450mm.")
]
Gutter = Annotated[
    str | None, typer.Option("--gutter", metavar="LENGTH", help="pdf: what is free between the cards of a sheet.")
]
BackOffset = Annotated[
    str | None, typer.Option("--back-offset", metavar="DX,DY", help="pdf: shift the backs, right and up, in mm.")
]
Marks = Annotated[bool | None, typer.Option("--marks/--no-marks", help="pdf: crop marks on sheets.")]
LargePrint = Annotated[bool | None, typer.Option("--large-print", help="pdf: no letters below 16 points.")]
PrintProfile = Annotated[
    printing.Profile | None,
    typer.Option("--profile", help="pdf: for screens (tagged, links) or a press (bleed, inks)."),
]
Icc = Annotated[
    str | None, typer.Option("--icc", metavar="FILE", help="pdf: the press's ICC profile, which makes it PDF/X-4.")
]
Bleed = Annotated[str | None, typer.Option("--bleed", metavar="LENGTH", help="pdf: what a press cuts off, 3mm.")]
Accent = Annotated[str | None, typer.Option("--accent", metavar="COLOUR", help="pdf: the one colour, as #0b5a83.")]
CornerMark = Annotated[
    printing.CornerMark | None, typer.Option("--corner-mark", help="pdf: what the corners of a card say.")
]
Calibrate = Annotated[
    bool, typer.Option("--calibrate", help="pdf: a leaf to measure the printer with, in the place of the cards.")
]
ChangedSince = Annotated[
    str | None,
    typer.Option(
        "--changed-since", metavar="FILE", help="pdf: only cards new or changed since this lock or package was written."
    ),
]
Font = Annotated[
    list[str] | None,
    typer.Option("--font", metavar="NAME", help="pdf: a font's file or family; mono=NAME is for code (repeatable)."),
]
Hyphenate = Annotated[bool | None, typer.Option("--hyphenate/--no-hyphenate", help="pdf: hyphenate words.")]
Strict = Annotated[bool, typer.Option("--strict", help="Make warnings errors.")]
How = Annotated[Format, typer.Option("--format", help="How findings are written.")]
Select = Annotated[
    list[str] | None,
    typer.Option("--select", metavar="SLUG", help="Of warnings and advice, tell these only (repeatable, or a,b)."),
]
Ignore = Annotated[
    list[str] | None, typer.Option("--ignore", metavar="SLUG", help="Do not tell these warnings or advice.")
]
DryRun = Annotated[bool, typer.Option("--dry-run", "-n", help="Do everything but write.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say only what went wrong.")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Say more: every source and its cards.")]
When = Annotated[Colour | None, typer.Option("--color", help="Colour: auto, always or never.")]


def _show_version(wanted: bool) -> None:  # noqa: FBT001 - typer calls it so
    if wanted:
        emit(f"cardforge {__version__}\n")
        raise typer.Exit


Version = Annotated[
    bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
]


def fonts_told(names: list[str] | None) -> dict[str, list[str] | None]:
    """The fonts of text and of code that ``--font`` names."""
    code = [name.removeprefix(_CODE) for name in names or () if name.startswith(_CODE)]
    text = [name for name in names or () if not name.startswith(_CODE)]
    return {"font": text or None, "code_font": code or None}


_CODE: Final = "mono="


def manners_of(context: typer.Context, *, dry_run: bool, quiet: bool, verbose: bool, color: Colour | None) -> Manners:
    """The options in force, wherever they stood."""
    before: Manners = context.obj
    return Manners(before.dry_run or dry_run, before.quiet or quiet, before.verbose or verbose, color or before.colour)
