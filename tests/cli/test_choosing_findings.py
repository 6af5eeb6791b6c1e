"""Which findings are told: by slug, by file, by a comment, and what cannot be left out."""

import json
from pathlib import Path
from typing import Final

import pytest

from command import cardforge, write

LONG: Final = "Q: What is it?\nA: " + "word " * 60 + "\n"
CARDS: Final = f"Q: Why $\\frac{{$?\nA: So.\n\n{LONG}\nQ: Is it so?\nA: Yes.\n"


def _codes(folder: Path, *arguments: str) -> list[str]:
    done = cardforge(folder, "check", "--format", "json", *arguments)
    assert done.status == 0, done.stderr
    return sorted(found["code"] for found in json.loads(done.stdout))


@pytest.mark.parametrize(
    ("options", "left"),
    [
        ([], ["bad-formula", "bare-verdict", "long-answer"]),
        (["--ignore", "long-answer"], ["bad-formula", "bare-verdict"]),
        (["--ignore", "long-answer,bare-verdict"], ["bad-formula"]),
        (["--ignore", "long-answer", "--ignore", "warnings"], ["bare-verdict"]),
        (["--ignore", "quality"], ["bad-formula"]),
        (["--ignore", "all"], []),
        (["--select", "advice"], ["bare-verdict", "long-answer"]),
        (["--select", "quality", "--ignore", "long-answer"], ["bare-verdict"]),
    ],
    ids=" ".join,
)
def test_the_command_line_chooses(options: list[str], left: list[str], tmp_path: Path) -> None:
    assert _codes(write(tmp_path, {"cards.md": CARDS}), "cards.md", *options) == left


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--ignore", "long-anwser"], "Did you mean long-answer?"),
        (["--select", "qualty"], "Did you mean quality?"),
        (["--ignore", "xyz"], "docs/diagnostics.md"),
        (["--ignore", "missing-answer"], "errors are always told"),
        (["--ignore", "unreadable-file"], "errors are always told"),
    ],
    ids=str,
)
def test_a_wrong_slug_is_a_usage_error(options: list[str], said: str, tmp_path: Path) -> None:
    done = cardforge(write(tmp_path, {"cards.md": CARDS}), "check", "cards.md", *options)
    assert (done.status, done.stdout) == (2, "")
    assert said in done.stderr


def test_errors_are_told_whatever_is_selected(tmp_path: Path) -> None:
    done = cardforge(write(tmp_path, {"cards.md": "Q: Why?\n"}), "check", "cards.md", "--select", "quality")
    assert (done.status, "error[missing-answer]" in done.stdout) == (1, True)


def test_an_ignored_warning_is_no_error_under_strict(tmp_path: Path) -> None:
    write(tmp_path, {"cards.md": CARDS})
    assert cardforge(tmp_path, "build", "html", "cards.md", "--strict").status == 1
    assert cardforge(tmp_path, "build", "html", "cards.md", "--strict", "--ignore", "bad-formula").status == 0


def test_the_config_chooses_for_all_files_and_for_some(tmp_path: Path) -> None:
    config = (
        '[check]\nignore = ["warnings"]\nper_file_ignores = { "cards/old/*" = ["quality"], "x.md" = ["long-answer"] }\n'
    )
    files = dict.fromkeys(("cards/a.md", "cards/old/a/b.md", "cards/x.md"), CARDS)
    # Three files of the same cards: near-duplicates are another matter.
    config = config.replace('["warnings"]', '["warnings", "near-duplicate"]')
    write(tmp_path, {"cardforge.toml": config, **files, "sub/.keep": ""})
    for folder in (tmp_path, tmp_path / "sub"):
        found = json.loads(cardforge(folder, "check", "--format", "json").stdout)
        told = sorted((Path(each["file"]).name, each["code"]) for each in found)
        assert told == [("a.md", "bare-verdict"), ("a.md", "long-answer"), ("x.md", "bare-verdict")]
    assert "bad-formula" in _codes(tmp_path, "--select", "bad-formula")


def test_the_config_sets_the_measures(tmp_path: Path) -> None:
    write(tmp_path, {"cardforge.toml": "[check]\nanswer_words = 60\nquestion_words = 2\n", "cards/a.md": LONG})
    assert _codes(tmp_path) == ["long-question"]


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ('ignore = ["long-anwser"]', "Did you mean long-answer?"),
        ('ignore = ["no-cards"]', "errors are always told"),
        ('ignore = "long-answer"', "has to be a list of slugs"),
        ("answer_words = 0", "has to be a number above 0"),
        ("answer_words = true", "has to be a number above 0"),
        ("answer-words = 5", "Did you mean answer_words?"),
        ('per_file_ignores = { "*" = ["x-y"] }', "There is no finding x-y."),
        ("per_file_ignores = 1", "has to hold slugs by pattern"),
    ],
)
def test_a_slip_in_the_config_is_told(table: str, said: str, tmp_path: Path) -> None:
    write(tmp_path, {"cardforge.toml": f"[check]\n{table}\n", "cards/a.md": "Q: Why?\nA: So.\n"})
    done = cardforge(tmp_path, "check")
    assert (done.status, said in done.stdout) == (1, True), done.stdout
    assert "cardforge.toml:2:" in done.stdout


@pytest.mark.parametrize(
    ("name", "comment"),
    [
        ("a.md", "<!-- cardforge-ignore-next-line long-answer -->"),
        ("a.md", "<!-- cardforge-ignore-next-line: bare-verdict, long-answer -->\n\n<!-- card: id=x -->"),
        ("a.mdx", "{/* cardforge-ignore-next-line quality */}"),
    ],
)
def test_a_comment_passes_over_the_next_line(name: str, comment: str, tmp_path: Path) -> None:
    found = _codes(write(tmp_path, {name: f"{comment}\n{LONG}\n{LONG.replace('it', 'that')}"}), name)
    assert found.count("long-answer") == 1
    assert ("unused-ignore" in found) is ("bare-verdict" in comment)
    cards = json.loads(cardforge(tmp_path, "list", "--format", "json", name).stdout)
    assert "ignore" not in json.dumps(cards)


def test_a_comment_of_no_use_is_told_by_check_alone(tmp_path: Path) -> None:
    comments = "long-answer", "long-anwser", "no-cards", "", "too-wide"
    text = "".join(
        f"<!-- cardforge-ignore-next-line {c} -->\nQ: What is {i} for?\nA: So.\n\n" for i, c in enumerate(comments)
    )
    text += "```\n<!-- cardforge-ignore-next-line long-answer -->\n```\n"
    write(tmp_path, {"a.md": text})
    found = json.loads(cardforge(tmp_path, "check", "--format", "json", "a.md").stdout)
    assert [(each["code"], each["line"]) for each in found] == [("unused-ignore", line) for line in (1, 5, 9, 13)]
    assert "Did you mean long-answer?" in found[1]["hint"]
    assert "unused-ignore" not in cardforge(tmp_path, "build", "html", "a.md").stdout


def test_much_advice_does_not_drown_an_error(tmp_path: Path) -> None:
    text = "\n".join(f"Q: Is it {i}?\nA: Yes.\n" for i in range(500)) + "\nQ: Why?\n"
    done = cardforge(write(tmp_path, {"a.md": text}), "check", "a.md")
    assert done.stdout.startswith("a.md:1501:4: error[missing-answer]")
    assert done.stdout.count("advice[bare-verdict]") == 5
    assert "… and 495 more of bare-verdict: --select bare-verdict shows all of them.\n" in done.stdout
    for option in (["-v"], ["--select", "bare-verdict"]):
        assert cardforge(tmp_path, "check", "a.md", *option).stdout.count("advice[bare-verdict]") == 500


def test_builds_say_nothing_of_quality(tmp_path: Path) -> None:
    assert cardforge(write(tmp_path, {"a.md": LONG}), "build", "html", "a.md").out == b""
