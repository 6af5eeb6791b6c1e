"""The command line as docs/cli.md promises it, as whole processes."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import pytest

from cardforge import __version__
from command import ROOT, cardforge, write

KL: Final = "Q: What does KL divergence measure?\nA: How far one distribution is from another.\n"
PPO: Final = """---
deck: "Course::PPO"
tags: [rl::ppo, exam]
---

## Self-check

<!-- card: id=clip -->
**1. What does PPO clip?**

<details>
<summary>Show answer</summary>

The *probability* ratio.

</details>

## Try it yourself: hacked or not?

Scenario 1. A bot praises everyone.
Its mark goes up.

Reward hacking?

Yes. Praise is not help.
"""
WARNS: Final = "Q: Why $\\frac{$?\nA: So.\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of two decks."""
    config = 'name = "course"\nnamespace = "me/course"\n'
    return write(tmp_path, {"cardforge.toml": config, "cards/kl.md": KL, "cards/ppo.md": PPO, "sub/.keep": ""})


def _files(folder: Path) -> list[str]:
    """The files of a folder, but for the lock and the cache that builds keep."""
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return [name for name in names if name != "cardforge.lock" and not name.startswith(".cardforge_cache/")]


# ---- help, version, usage


def test_the_version_is_told_before_or_after_the_verb(tmp_path: Path) -> None:
    for arguments in (["--version"], ["check", "--version"], ["build", "--version"], ["-q", "--version"]):
        assert cardforge(tmp_path, *arguments).stdout == f"cardforge {__version__}\n"


def test_the_version_costs_no_more_than_python(tmp_path: Path) -> None:
    script = "import sys; sys.argv = ['cardforge', '--version']; from cardforge.__main__ import main; main(); "
    script += "print([name for name in ('typer', 'yaml', 'markdown', 'json', 're') if name in sys.modules])"
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT / "src")}
    command = [sys.executable, "-S", "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path, env=env)
    assert done.stdout == f"cardforge {__version__}\n[]\n"


def test_help_lists_what_works_and_nothing_else(tmp_path: Path) -> None:
    shown = cardforge(tmp_path, "--help")
    assert (shown.status, shown.stderr) == (0, "")
    commands = [line.split()[0] for line in shown.stdout.partition("Commands:\n")[2].splitlines() if line.strip()]
    assert {"build", "check", "list"} <= set(commands)
    for absent in ("import", "push", "watch"):
        assert absent not in commands
    for command in commands:
        done = cardforge(tmp_path, command, "-h")
        assert done.status == 0
        assert done.stdout.startswith(f"Usage: cardforge {command} ")
        assert max(map(len, done.stdout.splitlines())) <= 80
        assert "..." not in done.stdout.replace("[SOURCES]...", "").replace("[ARGS]...", "")
    assert "..." not in shown.stdout.replace("[ARGS]...", ""), "a summary is cut off"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nope"], "nope"),
        (["build", "nope"], "nope"),
        (["build"], "anki|pdf"),
        (["check", "--nope"], "--nope"),
        (["check", "--kind", "nope"], "'self-check'"),
        (["check", "--format", "nope"], "'github'"),
        (["check", "--color", "nope"], "'never'"),
        (["build", "all", "-o", "-"], "-o -"),
        (["build", "all", "-o", "all.apkg"], "all.apkg/"),
        (["build", "anki", "-o", ""], "empty name"),
        (["build", "anki", "-o", "out/Collection.APKG"], "whole collection"),
        (["build", "anki", "-o", "backup-2026.apkg"], "whole collection"),
        (["build", "anki", "cards/collection.md"], "whole collection"),
    ],
    ids=" ".join,
)
def test_a_mistake_in_the_command_is_a_usage_error(arguments: list[str], said: str, project: Path) -> None:
    write(project, {"cards/collection.md": KL})
    before = _files(project)
    done = cardforge(project, *arguments)
    assert (done.status, done.stdout) == (2, "")
    assert said in done.stderr
    assert _files(project) == before


@pytest.mark.parametrize("value", ["yesterday", "-1", "1.5", "1e9", "٣", "253402300800", "9" * 30])
def test_a_clock_that_is_none_is_a_usage_error(value: str, project: Path) -> None:
    done = cardforge(project, "build", "anki", env={"SOURCE_DATE_EPOCH": value})
    assert (done.status, done.stdout) == (2, "")
    assert "SOURCE_DATE_EPOCH" in done.stderr


@pytest.mark.parametrize("value", ["0", "1", "253402300799"])
def test_the_ends_of_the_clock_build(value: str, project: Path) -> None:
    done = cardforge(project, "build", "all", env={"SOURCE_DATE_EPOCH": value})
    assert done.status == 0, done.stderr


# ---- manners


def test_options_stand_before_or_after_the_verb(project: Path) -> None:
    before = cardforge(project, "-q", "-n", "--color", "always", "build", "anki")
    after = cardforge(project, "build", "-q", "-n", "--color", "always", "anki")
    assert before == after
    assert (before.status, before.out, before.err) == (0, b"", b"")
    assert "build" not in {path.name for path in project.iterdir()}


def test_a_dry_run_does_everything_but_write(project: Path) -> None:
    before = _files(project)
    done = cardforge(project, "build", "all", "--dry-run")
    assert done.status == 0
    assert "anki: 3 cards would go to build/course.apkg" in done.stderr
    assert "pdf: 3 cards would go to build/course.pdf" in done.stderr
    assert cardforge(project, "build", "anki", "-n", "-o", "-").out == b""
    assert _files(project) == before


def test_quiet_says_only_what_went_wrong(tmp_path: Path) -> None:
    write(tmp_path, {"warns.md": WARNS, "fails.md": "Q: Why?\n"})
    assert cardforge(tmp_path, "build", "anki", "-q", "warns.md").out == b""
    failed = cardforge(tmp_path, "build", "anki", "-q", "warns.md", "fails.md")
    assert (failed.status, failed.stdout.count("["), failed.err) == (1, 1, b"")
    assert "error[missing-answer]" in failed.stdout


def test_verbose_names_every_source(project: Path) -> None:
    done = cardforge(project, "-v", "build", "anki")
    assert "cards/kl.md: 1 card\ncards/ppo.md: 2 cards\n" in done.stderr


@pytest.mark.parametrize(
    ("options", "env", "coloured"),
    [
        (["--color", "always"], {"NO_COLOR": "1"}, True),
        (["--color", "never"], {}, False),
        ([], {}, False),
    ],
)
def test_colour(options: list[str], env: dict[str, str], coloured: bool, tmp_path: Path) -> None:  # noqa: FBT001 - a parameter of the table
    write(tmp_path, {"warns.md": WARNS})
    assert ("\x1b[" in cardforge(tmp_path, "check", "warns.md", *options, env=env).stdout) is coloured


@pytest.mark.parametrize(("env", "coloured"), [({}, True), ({"NO_COLOR": ""}, True), ({"NO_COLOR": "1"}, False)])
def test_a_terminal_gets_colour_unless_told_not_to(env: dict[str, str], coloured: bool, tmp_path: Path) -> None:  # noqa: FBT001 - the same
    write(tmp_path, {"warns.md": WARNS})
    ours, theirs = os.openpty()
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT / "src"), **env}
    command = [sys.executable, "-m", "cardforge", "check", "warns.md"]
    subprocess.run(command, cwd=tmp_path, env=environment, stdout=theirs, stderr=subprocess.PIPE, check=True)
    os.close(theirs)
    shown = os.read(ours, 1 << 16)
    os.close(ours)
    assert (b"\x1b[" in shown) is coloured


def test_a_reader_that_leaves_early_is_no_trouble(project: Path) -> None:
    write(project, {"cards/many.md": "\n\n".join(f"Q: Number {i}?\nA: {i}" for i in range(1500))})
    command = f'"{sys.executable}" -m cardforge list --format json | head -c 10; echo " ${{PIPESTATUS[0]}}"'
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(["bash", "-c", command], cwd=project, env=env, capture_output=True, text=True, check=True)
    assert (done.stdout.split()[-1], done.stderr) == ("0", "")


@pytest.mark.parametrize(("redirect", "status"), [(">/dev/full", 3), (">&-", 0), ("2>&-", 0), ("<&-", 0)])
def test_closed_and_full_streams_end_in_words(redirect: str, status: int, project: Path) -> None:
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT / "src")}
    command = ["bash", "-c", f'"{sys.executable}" -m cardforge list {redirect}']
    done = subprocess.run(command, cwd=project, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == status
    assert "Traceback" not in done.stderr
    assert ("No space left on device" in done.stderr) is (redirect == ">/dev/full")


@pytest.mark.parametrize(
    "env", [{"LC_ALL": "C"}, {"PYTHONIOENCODING": "ascii"}, {"PYTHONUTF8": "0", "LC_ALL": "POSIX"}]
)
def test_output_is_utf8_whatever_the_locale(env: dict[str, str], tmp_path: Path) -> None:
    write(tmp_path, {"zürich.md": "Q: Où est “Zürich” 🏔?\nA: 在瑞士。\n"})
    cards = json.loads(cardforge(tmp_path, "list", "--format", "json", "zürich.md", env=env).stdout)
    assert (cards[0]["question"], cards[0]["answer"]) == ("Où est “Zürich” 🏔?", "在瑞士。")
    assert "Où est “Zürich” 🏔?" in cardforge(tmp_path, "list", "zürich.md", env=env).stdout


def test_names_with_control_and_bidi_characters_are_shown_visibly(tmp_path: Path) -> None:
    name = "a\x1b[31m\u202egnp\n.md"
    write(tmp_path, {name: "Q: Why?\n"})
    done = cardforge(tmp_path, "check", name)
    assert done.stdout.startswith("a\\u001b[31m\\u202egnp\\u000a.md:1:4: error[missing-answer]")
    shown = cardforge(tmp_path, "build", "anki", name, "-o", "collection.apkg/../\u202ebackup-1.apkg/").stderr
    assert "\u202e" not in shown


def test_a_name_that_is_no_utf8_builds(tmp_path: Path) -> None:
    name = os.fsdecode(b"caf\xe9.md")
    write(tmp_path, {name: KL})
    assert cardforge(tmp_path, "build", "all", name).status == 0
    assert (tmp_path / "build" / os.fsdecode(b"caf\xe9.apkg")).is_file()
    assert json.loads(cardforge(tmp_path, "list", "--format", "json", name).stdout)[0]["file"] == "caf\udce9.md"


# ---- sources


def test_standard_input_is_a_source(tmp_path: Path) -> None:
    done = cardforge(tmp_path, "list", "--format", "json", "-", stdin=KL.encode())
    assert [(card["file"], card["line"]) for card in json.loads(done.stdout)] == [("<stdin>", 1)]
    assert cardforge(tmp_path, "build", "anki", "-", stdin=KL.encode()).status == 0
    assert _files(tmp_path) == ["build/stdin.apkg"]


def test_a_file_may_have_the_name_of_standard_input(tmp_path: Path) -> None:
    write(tmp_path, {"<stdin>": KL.replace("measure", "cost")})
    cards = json.loads(cardforge(tmp_path, "list", "--format", "json", "-", "<stdin>", stdin=KL.encode()).stdout)
    assert [(card["file"], "cost" in card["question"]) for card in cards] == [("<stdin>", False), ("./<stdin>", True)]


def test_sources_come_in_the_order_of_the_bytes_of_their_path_from_wherever(project: Path) -> None:
    names = ["cards/B.md", "cards/a.md", "cards/a/z.markdown", "cards/é.mdx", "cards/ｚ.MD", "cards/𐐀.md"]
    write(project, {name: f"Q: {name}?\nA: So.\n" for name in names})
    write(project, {"cards/no.txt": KL, "cards/.hidden.md": KL, "cards/node_modules/x.md": KL, "before.md": KL})

    def files(folder: Path, *sources: str) -> list[str]:
        cards = json.loads(cardforge(folder, "list", "--format", "json", *sources).stdout)
        return list(dict.fromkeys(os.path.normpath(folder / card["file"]) for card in cards))

    all_of_them = files(project)
    assert all_of_them == sorted(all_of_them, key=os.fsencode)
    assert len(all_of_them) == len(names) + 2
    assert files(project / "cards") == all_of_them
    assert files(project / "sub", "../cards", "../before.md") == [str(project / "before.md"), *all_of_them]
    assert files(project, "cards/no.txt", "cards/kl.md", "cards") == sorted(
        [*all_of_them, str(project / "cards/no.txt")], key=os.fsencode
    )


def test_a_file_of_a_folder_without_cards_is_advice_and_a_named_one_an_error(project: Path) -> None:
    write(project, {"cards/notes.md": "# Notes\n"})
    found = cardforge(project, "check", "--strict")
    assert (found.status, "advice[file-without-cards]" in found.stdout) == (0, True)
    named = cardforge(project, "check", "cards/notes.md")
    assert (named.status, "error[no-cards]" in named.stdout) == (1, True)


def test_a_run_without_sources_and_project_says_what_to_do(tmp_path: Path) -> None:
    done = cardforge(tmp_path, "check")
    assert (done.status, "Name files or folders." in done.stdout) == (3, True)


@pytest.mark.parametrize(
    ("filters", "lines"),
    [
        (["--kind", "self-check"], ["cards/ppo.md:9"]),
        (["--kind", "self-check", "--kind", "flashcard"], ["cards/kl.md:1", "cards/ppo.md:9"]),
        (["--deck", "Course"], ["cards/ppo.md:9", "cards/ppo.md:20"]),
        (["--deck", "Cour"], []),
        (["--tag", "rl"], ["cards/ppo.md:9", "cards/ppo.md:20"]),
        (["--tag", "rl::pp"], []),
        (["--tag", "exam", "--kind", "scenario"], ["cards/ppo.md:20"]),
    ],
)
def test_filters_choose_cards(filters: list[str], lines: list[str], project: Path) -> None:
    done = cardforge(project, "list", "--format", "json", *filters)
    cards = json.loads(done.stdout)
    assert [f"{card['file']}:{card['line']}" for card in cards] == lines
    assert done.status == (0 if lines else 1)
    assert ("error[no-cards]" in done.stderr) is not bool(lines)


# ---- list


def test_list_gives_scripts_what_was_promised(project: Path) -> None:
    cards = json.loads(cardforge(project, "list", "--format", "json").stdout)
    for card in cards:
        assert len(card.pop("guid")) == 16
    plain: dict[str, Any] = {"id": None, "section": "", "tags": []}
    course = {"deck": "Course::PPO", "tags": ["exam", "rl::ppo"], "file": "cards/ppo.md"}
    situation = "A bot praises everyone.\nIts mark goes up."
    assert cards == [
        plain
        | {"kind": "flashcard", "deck": "kl", "file": "cards/kl.md", "line": 1}
        | {"question": "What does KL divergence measure?", "answer": "How far one distribution is from another."},
        plain
        | course
        | {"id": "clip", "kind": "self-check", "section": "Self-check", "line": 9}
        | {"question": "What does PPO clip?", "answer": "The *probability* ratio."},
        plain
        | course
        | {"kind": "scenario", "section": "hacked or not?", "line": 20}
        | {"question": f"{situation}\n\nReward hacking?", "answer": "Praise is not help."}
        | {"situation": situation, "prompt": "Reward hacking?", "verdict": "Yes"},
    ]


def test_list_shows_people_a_line_a_card(project: Path) -> None:
    assert cardforge(project, "list").stdout.splitlines() == [
        "kl",
        "    flashcard   What does KL divergence measure?          cards/kl.md:1",
        "",
        "Course::PPO",
        "  Self-check",
        "    self-check  What does PPO clip?                       cards/ppo.md:9",
        "  hacked or not?",
        "    scenario    A bot praises everyone. Its mark goes u…  cards/ppo.md:20",
    ]


# ---- findings


def test_findings_as_json(tmp_path: Path) -> None:
    write(tmp_path, {"warns.md": WARNS})
    done = cardforge(tmp_path, "check", "warns.md", "--format", "json")
    (finding,) = json.loads(done.stdout)
    place = {"file": "warns.md", "line": 1, "column": 14, "end_line": 1, "end_column": 15}
    told = {"code": "bad-formula", "severity": "warning"}
    assert {key: finding[key] for key in finding if key not in ("message", "hint")} == place | told
    assert finding["message"]
    assert finding["hint"]
    write(tmp_path, {"fine.md": KL})
    assert cardforge(tmp_path, "check", "fine.md", "--format", "json").stdout == "[]\n"


def test_findings_as_github_annotations(tmp_path: Path) -> None:
    name = "a,b:c%\n::d.md"
    write(tmp_path, {name: "Q: Why ![x](100%,\u202ex.png)?\nA: So.\n\nQ: $\\frac{$?\nA: So.\n"})
    done = cardforge(tmp_path, "check", name, "--format", "github")
    place = "file=a%2Cb%3Ac%25%0A%3A%3Ad.md"
    image, formula = done.stdout.splitlines()
    assert image == (
        f"::error {place},line=1,endLine=1,col=13,endColumn=24,title=missing-image::"
        "There is no picture 100%25,\\u202ex.png. Names are relative to the file they stand in."
    )
    assert formula.startswith(f"::warning {place},line=4,endLine=4,col=")
    write(tmp_path, {"notes/a.md": "# Notes\n", "notes/b.md": KL})
    advice = cardforge(tmp_path, "check", "notes", "--format", "github").stdout
    assert advice.startswith("::notice file=notes/a.md,title=file-without-cards::")


def test_strict_makes_warnings_errors(tmp_path: Path) -> None:
    write(tmp_path, {"warns.md": WARNS})
    fine = cardforge(tmp_path, "build", "anki", "warns.md")
    strict = cardforge(tmp_path, "build", "anki", "warns.md", "--strict", "-o", "strict.apkg")
    assert (fine.status, strict.status) == (0, 1)
    assert "warning[bad-formula]" in fine.stdout
    assert "error[bad-formula]" in strict.stdout
    assert "Nothing was written: 1 error." in strict.stderr
    assert _files(tmp_path) == ["build/warns.apkg", "warns.md"]


def test_a_warning_that_only_printing_finds_stops_a_strict_build(tmp_path: Path) -> None:
    write(tmp_path, {"sign.md": "Q: Which sign is \U00013080?\nA: Horus.\n"})
    assert cardforge(tmp_path, "check", "--strict", "sign.md").status == 0
    done = cardforge(tmp_path, "build", "all", "--strict", "sign.md")
    assert (done.status, "error[missing-glyph]" in done.stdout) == (1, True)
    assert _files(tmp_path) == ["sign.md"]


# ---- products


@pytest.mark.parametrize(
    ("arguments", "product"),
    [
        ([], "build/course.apkg"),
        (["cards/ppo.md", "cards/kl.md"], "build/ppo.apkg"),
        (["cards"], "build/cards.apkg"),
        (["v1.2"], "build/v1.2.apkg"),
        (["-o", "mine.apkg"], "mine.apkg"),
        (["-o", "new/folder/"], "new/folder/course.apkg"),
        (["-o", "cards"], "cards/course.apkg"),
        (["-o", "new/folder/mine"], "new/folder/mine"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else value,
)
def test_products_are_named(arguments: list[str], product: str, project: Path) -> None:
    before = set(_files(write(project, {"v1.2/a.md": KL})))
    done = cardforge(project, "build", "anki", *arguments)
    assert done.status == 0
    assert f"→ {product} (" in done.stderr
    made = {name for name in _files(project) if name not in before and not name.endswith(".lock")}
    assert made == {product}


def test_products_of_a_project_go_to_its_root_from_wherever(project: Path) -> None:
    assert "→ ../build/course.apkg" in cardforge(project / "sub", "build", "anki").stderr
    assert (project / "build" / "course.apkg").is_file()


def test_without_a_name_the_folder_gives_it(tmp_path: Path) -> None:
    folder = write(tmp_path / "my course", {"cards/kl.md": KL})
    assert cardforge(folder, "build", "anki").status == 0
    assert _files(folder / "build") == ["my course.apkg"]
    assert cardforge(folder / "cards", "build", "anki", ".", "..").status == 0
    assert _files(folder / "cards" / "build") == ["cards.apkg"]


def test_standard_output_takes_the_bytes_and_standard_error_the_rest(tmp_path: Path) -> None:
    write(tmp_path, {"warns.md": WARNS})
    done = cardforge(tmp_path, "build", "anki", "warns.md", "-o", "-")
    assert cardforge(tmp_path, "build", "anki", "warns.md", "-o", "file.apkg").status == 0
    assert done.out == (tmp_path / "file.apkg").read_bytes()
    assert "warning[bad-formula]" in done.stderr
    machine = cardforge(tmp_path, "build", "anki", "warns.md", "-o", "-", "--format", "json")
    assert machine.out == done.out
    assert json.loads(machine.stderr.partition("\nanki:")[0])[0]["code"] == "bad-formula"
    failed = cardforge(tmp_path, "build", "anki", "warns.md", "-o", "-", "--strict")
    assert (failed.status, failed.out) == (1, b"")


def test_a_one_off_run_says_how_to_keep_identity(project: Path) -> None:
    outside = write(project.parent / f"{project.name}-outside", {"kl.md": KL})
    said = "These cards belong to no project"
    assert cardforge(outside, "build", "anki", "kl.md").stderr.count(said) == 1
    assert said in cardforge(project, "build", "anki", str(outside / "kl.md"), "-n").stderr
    assert said not in cardforge(project, "build", "anki", "cards/kl.md", "-n").stderr
    assert said not in cardforge(outside, "build", "pdf", "kl.md", "-n").stderr
    assert said not in cardforge(outside, "build", "anki", "kl.md", "-q").stderr


def test_pictures_of_an_outside_file_resolve_in_its_own_folder(project: Path) -> None:
    from PIL import Image

    outside = write(project.parent / f"{project.name}-outside", {"a.md": "Q: Why?\nA: ![](b.png) ![](/b.png)\n"})
    Image.new("RGB", (2, 2)).save(outside / "b.png")
    assert cardforge(project, "check", str(outside / "a.md")).status == 0


def test_outside_files_do_not_share_the_projects_names(project: Path) -> None:
    outside = write(project.parent / f"{project.name}-outside", {"kl.md": KL})

    def guid(folder: Path, *arguments: str, env: dict[str, str] | None = None) -> str:
        cards = json.loads(cardforge(folder, "list", "--format", "json", *arguments, env=env).stdout)
        return str(cards[0]["guid"])

    mine, theirs = guid(project, "cards/kl.md"), guid(project, str(outside / "kl.md"))
    assert mine != theirs
    assert guid(outside, "kl.md") == theirs
    assert guid(outside, "kl.md", env={"CARDFORGE_NAMESPACE": "me/course"}) == mine


def test_half_an_installation_is_told_in_a_line(tmp_path: Path) -> None:
    broken = 'raise ModuleNotFoundError("No module named \'{0}\'", name="{0}")\n'
    for name in ("yaml", "genanki", "mathra"):
        write(tmp_path, {f"{name}-less/{name}.py": broken.format(name)})
    write(tmp_path, {"math.md": "Q: Why $x$?\nA: So.\n"})
    for name in ("yaml", "genanki", "mathra"):
        done = cardforge(tmp_path, "build", "anki", "math.md", env={"PYTHONPATH": str(tmp_path / f"{name}-less")})
        assert (done.status, name in done.stdout + done.stderr) == (3, True)


def test_steps_of_the_exit_status(tmp_path: Path, say: Callable[[str], None]) -> None:
    """0 fine, 1 findings, 2 usage, 3 environment; the worse of two counts."""
    write(tmp_path, {"fine.md": KL, "bad.md": "Q: Why?\n"})
    runs = {
        0: ["check", "fine.md"],
        1: ["check", "fine.md", "bad.md"],
        2: ["check", "--nope"],
        3: ["check", "bad.md", "absent.md"],
    }
    found = {expected: cardforge(tmp_path, *arguments).status for expected, arguments in runs.items()}
    say("\n".join(["exit status", *(f"{status}  cardforge {' '.join(runs[status])}" for status in runs)]))
    assert list(found) == list(found.values())
    assert all(a < b for a, b in pairwise(found.values()))
