"""The floors of docs/architecture.md hold, every library has its one home, and the program stays small.

Each rule is a function from a source tree to what is wrong with it. It runs over src/cardforge, and over a small tree
that breaks it: a rule that cannot fail guards nothing.
"""

import ast
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parent.parent
SRC: Final = ROOT / "src" / "cardforge"

FLOORS: Final = {
    "__init__": 0,
    "diagnostics": 0,
    "doc": 0,
    "memory": 0,
    "interruption": 0,
    "values": 0,
    "model": 1,
    "cache": 1,
    "config": 1,
    "passage": 1,
    "printing": 1,
    "profile": 1,
    "languages": 1,
    "vocabulary": 1,
    "source": 2,
    "body": 2,
    "identity": 2,
    "reader": 3,
    "checks": 3,
    "backends": 3,
    "pipeline": 4,
    "cli": 5,
    "report": 5,
    "__main__": 5,
}
# Rooms of one floor do not know each other, but for these.
NEIGHBOURS: Final = {
    ("doc", "diagnostics"),
    ("doc", "values"),
    ("diagnostics", "values"),
    ("vocabulary", "model"),
    ("config", "languages"),
    ("config", "passage"),
    ("config", "vocabulary"),
    ("config", "printing"),
    ("config", "profile"),
    ("profile", "vocabulary"),
    ("cli", "report"),
    ("__main__", "cli"),
    ("__main__", "report"),
}
# Print is a house of its own, whose rooms stand one above the other.
PRINT: Final = ("canvas", "text", "file", "boxes", "pages", "book")
# What the targets share; the targets do not know each other.
SHARED: Final = frozenset({"math", "markup", "highlight"})
# The rooms a third-party library (or a standard one that reads a format) may be imported in.
HOMES: Final = {
    "fontpkg_jetbrains_mono": ("backends.pdf.text",),
    "fontpkg_noto_sans": ("backends.pdf.text",),
    "filelock": ("pipeline",),
    "icu4py": ("backends.pdf.text",),
    "pyphen": ("backends.pdf.text",),
    "genanki": ("backends.anki",),
    "markdown": ("body",),
    "mathra": ("backends.math",),
    "PIL": ("backends.pdf.file", "pipeline"),
    "pygments": ("backends.highlight",),
    "reportlab": ("backends.pdf.file",),
    "resvg": ("backends.pdf.file",),
    "rapidfuzz": ("identity",),
    "rich": ("cli", "report"),
    "tomllib": ("config",),
    "typer": ("cli",),
    "uharfbuzz": ("backends.pdf.text", "backends.pdf.file"),
    "yaml": ("source",),
}
NAMELESS: Final = frozenset({"common", "helper", "helpers", "misc", "util", "utils"})
MOST_LINES: Final = 350
MANY_LINES: Final = 300
CODE: Final = frozenset({".py", ".css", ".js", ".html"})


@dataclass(frozen=True, slots=True)
class Import:
    """One import. Modules are dotted and without the leading ``cardforge.``; the package itself is ``__init__``."""

    importer: str
    target: str
    line: int
    ours: bool
    deferred: bool
    """Whether it runs inside a function, when asked for."""

    def __str__(self) -> str:
        return f"{self.importer}:{self.line} imports {self.target}"


def modules_of(src: Path) -> dict[str, Path]:
    """The modules of a package by dotted name; a sub-package is its ``__init__.py``."""
    found = {}
    for path in sorted(src.rglob("*.py")):
        parts = path.relative_to(src).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)] = path
    return found


def imports_of(src: Path) -> list[Import]:
    """All imports of a package, wherever they stand, those by literal name (``import_module("…")``) included."""
    modules = modules_of(src)
    return [
        Import(name, _short(target, modules) if ours else target, line, ours, deferred)
        for name, path in modules.items()
        for target, line, deferred in _imported(ast.parse(path.read_text("utf-8")), name, path, modules)
        for ours in (target.split(".")[0] == "cardforge",)
    ]


def _short(dotted: str, modules: Mapping[str, Path]) -> str:
    """The longest module a dotted name begins with: ``cardforge.doc.Text`` is in ``doc``."""
    parts = dotted.split(".")[1:]
    while parts and ".".join(parts) not in modules:
        parts.pop()
    return ".".join(parts) or "__init__"


def _imported(
    tree: ast.AST, name: str, path: Path, modules: Mapping[str, Path], *, deferred: bool = False
) -> Iterator[tuple[str, int, bool]]:
    for node in ast.iter_child_nodes(tree):
        match node:
            case ast.Import():
                yield from ((alias.name, node.lineno, deferred) for alias in node.names)
            case ast.ImportFrom():
                base = node.module or ""
                if node.level:
                    package = ["cardforge", *name.split(".")][: None if path.stem == "__init__" else -1]
                    base = ".".join([*package[: len(package) - node.level + 1], *filter(None, [base])])
                yield from ((f"{base}.{alias.name}", node.lineno, deferred) for alias in node.names)
            case ast.Call(
                func=ast.Name(id="import_module" | "__import__") | ast.Attribute(attr="import_module"),
                args=[ast.Constant(value=str(target)), *_],
            ):
                yield target, node.lineno, deferred
        inside = deferred or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        yield from _imported(node, name, path, modules, deferred=inside)


def _room(module: str) -> str:
    return module.partition(".")[0]


def _within(module: str, room: str) -> bool:
    return module == room or module.startswith(f"{room}.")


# ---- the rules


def floors(src: Path) -> list[str]:
    """Imports that do not go down: up, or to a neighbour, or from or to a room that has no floor."""
    wrong = [
        f"{module}: the room has no floor; give it one in docs/architecture.md and here"
        for module in modules_of(src)
        if _room(module) not in FLOORS
    ]
    for each in imports_of(src):
        importer, target = _room(each.importer), _room(each.target)
        if not each.ours or importer == target or importer not in FLOORS or target not in FLOORS:
            continue
        if importer == "checks" and _within(each.target, "backends.math"):
            continue  # what a formula means is told by the room that sets it, and by no other
        if FLOORS[target] > FLOORS[importer]:
            wrong.append(f"{each}: up from floor {FLOORS[importer]} to {FLOORS[target]}")
        elif FLOORS[target] == FLOORS[importer] and (importer, target) not in NEIGHBOURS:
            wrong.append(f"{each}: a neighbour on floor {FLOORS[importer]}")
    return wrong


def back_ends(src: Path) -> list[str]:
    """Imports from one target into another, or from what they share into a target."""
    wrong = []
    for each in imports_of(src):
        if not (each.ours and _within(each.importer, "backends") and _within(each.target, "backends")):
            continue
        importer, target = (f"{module}.".split(".")[1] for module in (each.importer, each.target))
        if importer == "" and target and not each.deferred:
            wrong.append(f"{each}: the table loads a target when it is asked for, inside a function")
        elif importer and target and importer != target and target not in SHARED:
            wrong.append(f"{each}: a target's own room")
    return wrong


def print_rooms(src: Path) -> list[str]:
    """Imports inside print that do not go down."""
    wrong = []
    for each in imports_of(src):
        if each.ours and all(module.startswith("backends.pdf.") for module in (each.importer, each.target)):
            importer, target = (PRINT.index(module.split(".")[2]) for module in (each.importer, each.target))
            if importer < target:
                wrong.append(f"{each}: up from {PRINT[importer]} to {PRINT[target]}")
    return wrong


def circles(src: Path) -> list[str]:
    """Circles of imports. A package that loads its own modules when asked for closes none."""
    graph: dict[str, set[str]] = {}
    for each in imports_of(src):
        if each.ours and not (each.deferred and each.target.startswith(f"{each.importer}.")):
            graph.setdefault(each.importer, set()).add(each.target)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return [" <- ".join(error.args[1])]
    return []


def homes(src: Path) -> list[str]:
    """Third-party imports outside the library's home, or of a library that has none."""
    wrong = []
    for each in imports_of(src):
        library = each.target.split(".")[0]
        if each.ours or (library in sys.stdlib_module_names and library not in HOMES):
            continue
        if library not in HOMES:
            wrong.append(f"{each}: {library} has no home")
        elif not any(_within(each.importer, room) for room in HOMES[library]):
            wrong.append(f"{each}: the home of {library} is {' and '.join(HOMES[library])}")
    return wrong


def names(src: Path) -> list[str]:
    """Modules whose name says nothing about what they hold."""
    return [module for module in modules_of(src) if NAMELESS & set(module.split("."))]


def sizes(src: Path) -> list[str]:
    """Modules that are too long to read at one sitting."""
    return [f"{module}: {n} lines" for module, n in _lengths(src).items() if n > MOST_LINES]


def _lengths(src: Path) -> dict[str, int]:
    return {module: len(path.read_text("utf-8").splitlines()) for module, path in modules_of(src).items()}


RULES: Final[tuple[Callable[[Path], list[str]], ...]] = (floors, back_ends, print_rooms, circles, homes, names, sizes)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_program_keeps_the_rule(rule: Callable[[Path], list[str]]) -> None:
    assert rule(SRC) == []


def test_the_rules_see_the_program() -> None:
    assert {"diagnostics", "doc", "model", "backends"} <= set(modules_of(SRC))
    assert any(str(each).endswith("imports diagnostics") for each in imports_of(SRC) if each.importer == "doc")


# ---- each rule finds what it is there to find


def _tree(root: Path, files: Mapping[str, str]) -> Path:
    for name, text in {"__init__.py": "", **files}.items():
        path = root / "cardforge" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return root / "cardforge"


BROKEN: Final[tuple[tuple[Callable[[Path], list[str]], Mapping[str, str], str], ...]] = (
    (floors, {"model.py": "from cardforge.cli import main", "cli.py": ""}, "model:1 imports cli: up from floor 1 to 5"),
    (floors, {"doc.py": "from .pipeline import run", "pipeline.py": ""}, "doc:1 imports pipeline: up"),
    (floors, {"doc.py": "def f():\n    from cardforge import model", "model.py": ""}, "doc:2 imports model: up"),
    (floors, {"source/scan.py": "import cardforge.body.read", "body/read.py": ""}, "imports body.read: a neighbour"),
    (
        floors,
        {"checks/__init__.py": "from ..backends import x", "backends/__init__.py": ""},
        "checks:1 imports backends",
    ),
    (floors, {"body/a.py": "import_module('cardforge.cli')", "cli.py": ""}, "body.a:1 imports cli: up"),
    (floors, {"attic.py": ""}, "attic: the room has no floor"),
    (back_ends, {"backends/pdf/a.py": "import cardforge.backends.html.b", "backends/html/b.py": ""}, "a target's own"),
    (back_ends, {"backends/math.py": "from .pdf import x", "backends/pdf/__init__.py": ""}, "backends.math:1 imports"),
    (back_ends, {"backends/__init__.py": "from .anki import x", "backends/anki.py": ""}, "when it is asked for"),
    (circles, {"doc.py": "import cardforge.model", "model.py": "from cardforge import doc"}, "doc <- model <- doc"),
    (circles, {"body/__init__.py": "from .a import x", "body/a.py": "from cardforge.body import y"}, "body.a"),
    (homes, {"checks/a.py": "import yaml"}, "checks.a:1 imports yaml: the home of yaml is source"),
    (
        print_rooms,
        {"backends/pdf/text/a.py": "from cardforge.backends.pdf.pages import b", "backends/pdf/pages/b.py": ""},
        "backends.pdf.text.a:1 imports backends.pdf.pages.b: up from text to pages",
    ),
    (
        homes,
        {"backends/html/a.py": "from reportlab.pdfgen import canvas"},
        "the home of reportlab is backends.pdf.file",
    ),
    (homes, {"backends/anki.py": "def f():\n    import anki.collection"}, "anki has no home"),
    (homes, {"cli.py": "import importlib\nimportlib.import_module('aqt')"}, "aqt has no home"),
    (homes, {"model.py": "import tomllib"}, "the home of tomllib is config"),
    (names, {"source/utils.py": ""}, "source.utils"),
    (sizes, {"doc.py": "x = 1\n" * 351}, "doc: 351 lines"),
)


@pytest.mark.parametrize(("rule", "files", "said"), BROKEN)
def test_the_rule_finds_a_breach(
    rule: Callable[[Path], list[str]], files: Mapping[str, str], said: str, tmp_path: Path
) -> None:
    assert said in "\n".join(rule(_tree(tmp_path, files)))


GOOD: Final = {
    "__main__.py": "def main():\n    from cardforge.cli import run\n    run()",
    "cli.py": "import typer\nfrom cardforge import __version__, pipeline, report",
    "report.py": "import rich.console\nimport json",
    "pipeline.py": "import PIL\nfrom cardforge.backends import table\nfrom cardforge.source.scan import scan",
    "backends/__init__.py": "def table():\n    from cardforge.backends.anki import build\n    return build",
    "backends/anki/__init__.py": "import genanki\nfrom cardforge.backends import table\nfrom ..markup import html",
    "backends/markup.py": "from cardforge.backends.math import box\nfrom cardforge.doc import Text",
    "backends/math.py": "import mathra",
    "source/__init__.py": "from cardforge.source.scan import scan",
    "source/scan.py": "import yaml\nfrom cardforge.source.line import Line\nfrom cardforge.model import Card",
    "source/line.py": "",
    "model.py": "from cardforge.doc import Block\nfrom cardforge.diagnostics import Span",
    "doc.py": "from cardforge.diagnostics import Span\nx = 1\n" + "y = 1\n" * 348,
    "diagnostics.py": "",
}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_rule_accepts_a_good_tree(rule: Callable[[Path], list[str]], tmp_path: Path) -> None:
    assert rule(_tree(tmp_path, GOOD)) == []


# ---- the size of the whole


def budgets(decisions: str) -> dict[str, int]:
    """The budgets that were decided: rows ``| `folder` | 1,000 |`` of docs/decisions.md, in lines of code."""
    rows = re.findall(r"^\| `(src/cardforge[a-z/]*)` \| ([\d,]+) \|$", decisions, re.MULTILINE)
    return {folder: int(lines.replace(",", "")) for folder, lines in rows}


def total(folder: Path) -> int:
    """Lines of Python, CSS, JavaScript and HTML, blank ones, comments and docstrings included."""
    files = [path for path in folder.rglob("*") if path.suffix in CODE and "__pycache__" not in path.parts]
    return sum(len(path.read_text("utf-8").splitlines()) for path in files)


def over_budget(root: Path, allowed: Mapping[str, int]) -> list[str]:
    """Folders that are larger than was decided."""
    return [f"{folder}: {n} of {most}" for folder, most in allowed.items() if (n := total(root / folder)) > most]


def test_the_size_is_what_was_decided(say: Callable[[str], None]) -> None:
    allowed = budgets((ROOT / "docs" / "decisions.md").read_text("utf-8"))
    assert set(allowed) == {"src/cardforge", "src/cardforge/backends/pdf", "src/cardforge/backends/html"}
    used = [f"{folder:<28}{total(ROOT / folder):>6} of {most:>6,} lines" for folder, most in allowed.items()]
    long = [f"{module:<28}{n:>6} lines" for module, n in sorted(_lengths(SRC).items()) if n > MANY_LINES]
    say("\n".join(["size", *used, *(["", f"longer than {MANY_LINES} lines:", *long] if long else [])]))
    assert over_budget(ROOT, allowed) == [], "write the new budget, and why, into docs/decisions.md"


def test_a_crossed_budget_is_found(tmp_path: Path) -> None:
    src = _tree(tmp_path, {"a.py": "x = 1\n" * 900, "backends/html/page.js": "x\n" * 101, "font.bin": "x\n" * 5000})
    allowed = budgets("| `src/cardforge` | 1,000 |\n| `src/cardforge/backends/html` | 200 |\n")
    assert allowed == {"src/cardforge": 1000, "src/cardforge/backends/html": 200}
    assert [said.split(": ")[1] for said in over_budget(src.parent.parent, {src.parent.name: 1000})] == ["1001 of 1000"]
