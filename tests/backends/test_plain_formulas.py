"""What is said to be plain, mathra sets: inline and displayed, for formulas drawn at random and every name."""

import random

import pytest

from cardforge.backends.math import MathBox, MathError, formula, refusal
from cardforge.backends.math.plain import NAMES, is_plain

SIGNS: list[str] = [*"-+=<>,.;:!?()/*|", r"\,", r"\;", " ", "  ", "[", "]", "'", "&", "~", "{", "}", "^", "_"]
STYLED: list[str] = [
    r"\mathbb{R}",
    r"\mathbf{AB}",
    r"\mathbf{a_b}",
    r"\mathrm{k^2}",
    r"\mathcal{L}",
    r"\text{if}",
    r"\text{a b}",
]


def is_set(tex: str) -> bool:
    return all(isinstance(formula(tex, display=display), MathBox) for display in (False, True))


@pytest.mark.parametrize("name", sorted(NAMES))
@pytest.mark.parametrize("tex", [r"\%s", r"\%s x", r"\%s_2^{n}", r"a \%s b", r"\%s^x_y", r"x_\%s", r"\sqrt{\%s}"])
def test_every_name_is_set_wherever_it_stands(name: str, tex: str) -> None:
    assert is_plain(tex % name)
    assert is_set(tex % name)


def term(chance: random.Random, depth: int) -> str:
    match chance.choices(["letter", "number", "name", "sign", "styled", "part"], [5, 2, 4, 5, 1, 4 if depth else 0])[0]:
        case "letter":
            return chance.choice("abcxyzABCN")
        case "number":
            return f"{chance.randint(0, 9999)}{chance.choice(['', '.5'])}"
        case "name":
            return f"\\{chance.choice(sorted(NAMES))}{chance.choice([' ', '{}'])}"
        case "sign":
            return chance.choice(SIGNS)
        case "styled":
            return chance.choice(STYLED)
        case _:
            form = chance.choice([r"\frac{%s}{%s}", r"\sqrt{%s}", r"\left(%s\right)", r"\left| %s\right.", "{%s}"])
            return str(form % tuple(terms(chance, depth - 1) for _ in range(form.count("%s"))))


def terms(chance: random.Random, depth: int) -> str:
    done = []
    for _ in range(chance.randint(1, 5)):
        done.append(term(chance, depth))
        for mark in chance.sample("_^'", chance.randint(0, 3)) if chance.random() < 0.3 else []:
            done += [mark, chance.choice([*"x2n", r"\beta ", f"{{{terms(chance, depth - 1)}}}" if depth else "k"])]
    return chance.choice(["", " "]).join(done)


@pytest.mark.parametrize("seed", range(4))
def test_what_is_plain_is_set(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - for tests
    made = [terms(chance, chance.randint(0, 3)) for _ in range(2000)]
    plain = [tex for tex in made if is_plain(tex)]
    assert len(plain) > 200
    assert [tex for tex in plain if not is_set(tex)] == []


@pytest.mark.parametrize(
    "tex",
    [
        r"E = mc^2",
        r"f(w) = 67w^{2} + 1",
        r"\frac{-b \pm \sqrt{b^2 - 4ac}}{2a}",
        r"\sum_{i=1}^{n} \alpha_i x_i \leq \max_j |a_j|",
        r"\mathcal{L}(\theta) = -\frac{1}{n} \sum_{j=1}^{n} \log p_\theta(x_j \mid x_{<j})",
        r"\lim_{n \to \infty} \left(1 + \frac{x}{n}\right)^{n} = e^{x}",
    ],
)
def test_formulas_as_people_write_them_are_plain(tex: str) -> None:
    assert is_plain(tex)
    assert refusal(tex, display=True) is None


@pytest.mark.parametrize(
    "tex",
    [
        "",
        " ",
        "x^2^3",
        "x_1_2",
        "f'^2",
        r"\mathbf{a_b}_2",
        "{x",
        "x}",
        r"\frac{1}",
        r"\alphax",
        r"\left(x",
        "x^",
        r"\foo",
        "<math>",
    ],
)
def test_of_anything_else_nothing_is_said(tex: str) -> None:
    assert not is_plain(tex)


def test_what_mathra_refuses_is_still_refused() -> None:
    assert isinstance(refusal("x^2^3", display=False), MathError)
