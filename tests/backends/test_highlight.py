"""Code in colour: nothing of the code is lost, and every colour can be read."""

import subprocess
import sys
import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cardforge.backends.highlight import (
    DARK_GROUND,
    LIGHT_GROUND,
    LONGEST,
    STYLES,
    css,
    dark_css,
    language_name,
    tokens,
)


def classes(code: str, language: str) -> dict[str, str]:
    """The class of each piece of code, by its characters."""
    return {text: name for name, text in tokens(code, language)}


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance of an sRGB colour."""
    channels = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, contrast ratio."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_the_contrast_formula_knows_its_fixed_points() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("name", STYLES)
def test_every_colour_can_be_read_on_its_ground(name: str) -> None:
    assert contrast(STYLES[name].light, LIGHT_GROUND) >= 4.5
    assert contrast(STYLES[name].dark, DARK_GROUND) >= 4.5


def test_python() -> None:
    code = 'def f(x: int) -> str:\n    """Doc."""\n    return f"{x}\\n" if x > 0x1F else None  # why\n'
    found = classes(code, "python")
    assert found["def"] == "k"
    assert found["f"] == "nf"
    assert found["int"] == "nb"
    assert found['"""Doc."""'] == "s"
    assert found["\\n"] == "se"
    assert found["0x1F"] == "m"
    assert found["None"] == "kc"
    assert found["# why"] == "c"


@pytest.mark.parametrize(
    ("language", "code", "piece", "name"),
    [
        ("js", "const a = 'b';", "const", "k"),
        ("jsx", "const a = 'b';", "'b'", "s"),
        ("TypeScript", "let a: number = 1", "number", "kt"),
        ("c++", "int x = 1;", "int", "kt"),
        ("sql", "SELECT 1", "SELECT", "k"),
        ("bash", "echo $HOME", "$HOME", "nv"),
        ("json", '{"a": true}', "true", "kc"),
        ("diff", "-a\n+b\n", "-a", "gd"),
        ("html", "<p class='x'>", "p", "nt"),
        ("{.python .numberLines}", "import a", "import", "k"),
        ("language-rust", "fn f() {}", "fn", "k"),
        ("python title=x.py", "import a", "import", "k"),
    ],
)
def test_languages_are_known_by_the_names_people_write(language: str, code: str, piece: str, name: str) -> None:
    assert classes(code, language)[piece] == name


@pytest.mark.parametrize("language", ["", " ", "klingon", "../../etc/passwd", "plaintext", "{}", "python\0"])
def test_an_unknown_language_is_plain(language: str) -> None:
    assert tokens("if x:\n  pass", language) == (("", "if x:\n  pass"),)


def test_no_code_has_no_tokens() -> None:
    assert tokens("", "python") == ()


@pytest.mark.parametrize(
    "code", ["\n\nx = 1\n\n", "x = 1", "x\t=\t1\r\ny = 2\r\n", "\ufeffx = 1", "'open", '"""open', "x = \\", "\0\x1b"]
)
@pytest.mark.parametrize("language", ["python", "js", "html", "pycon", "make", "yaml", "console"])
def test_the_code_is_given_back_to_the_letter(code: str, language: str) -> None:
    assert "".join(text for _, text in tokens(code, language)) == code


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from(["x", " ", "\n", "'", '"', "(", ")", "{", "}", "<", ">", "/*", "//", "#", "\\", "1", "é"])
        | st.text(max_size=4),
        max_size=30,
    ).map("".join),
    st.sampled_from(["python", "js", "c", "html", "php", "sql", "bash", "yaml", "tex", "markdown", "diff", "rust"]),
)
def test_any_code_in_any_language(code: str, language: str) -> None:
    found = tokens(code, language)
    assert "".join(text for _, text in found) == code
    assert all(text for _, text in found)
    assert {name for name, _ in found} <= STYLES.keys() | {""}
    assert all(one[0] != other[0] for one, other in pairwise(found))


def test_code_too_long_for_slow_lexers_is_plain_at_once() -> None:
    code = "a\n" * LONGEST  # ten minutes in the C# lexer
    start = time.perf_counter()
    assert tokens(code, "csharp") == (("", code),)
    assert time.perf_counter() - start < 1


def test_code_as_long_as_allowed_is_coloured() -> None:
    code = ("x = 1\n" * LONGEST)[:LONGEST]
    assert len(tokens(code, "python")) > 1000


def test_the_same_code_is_read_once() -> None:
    assert tokens("x = 1", "python") is tokens("x = 1", "python")


@pytest.mark.parametrize(
    ("written", "name"),
    [("Python", "python"), ("{.js}", "js"), ("rust,ignore", "rust"), ("", ""), ("{ .c hl=1 }", "c"), ("C++", "c++")],
)
def test_the_name_of_a_language(written: str, name: str) -> None:
    assert language_name(written) == name


def test_css_names_every_class_below_its_prefix_once_for_each_ground() -> None:
    sheet = css(".cf-code", ".nightMode .cf-code")
    light, dark = sheet[: sheet.index(".nightMode")], sheet[sheet.index(".nightMode") :]
    assert dark == dark_css(".nightMode .cf-code")
    assert css(".cf-code") == light
    for name, style in STYLES.items():
        (rule,) = (line for line in light.splitlines() if f".cf-code .{name}" in line.replace("{", ",").split(","))
        assert f"color:{style.light}" in rule
        assert ("font-weight" in rule) == style.bold
        assert ("font-style" in rule) == style.italic
        (rule,) = (line for line in dark.splitlines() if f".cf-code .{name}{{" in rule_ends(line))
        assert f"color:{style.dark}" in rule


def rule_ends(line: str) -> str:
    """A rule with every selector of its list closed by a brace, to tell .n from .nb."""
    selectors, _, rest = line.partition("{")
    return selectors.replace(",", "{,") + "{" + rest


def test_importing_the_room_does_not_load_pygments() -> None:
    code = "import sys, cardforge.backends.highlight as h; h.css('x'); sys.exit('pygments' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=30)
