"""Gaps from the source to what a learner sees: in Anki, on paper, on the page."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from anki_harness import opened
from cardforge.cli import run

_SOURCE = r"""## Flashcards

The capital of {{c1::France}} is {{c2::Paris::a city}}, on the {{c1::Seine}}.

```python
def {{c1::factorial}}(n):
    return {{c2::n * {{c3::recursion}}}}
```

`{{c1::std::vector}}` grows, `std::list<{{c2::Item}}>` does not.

$x = {{c1::\frac{\mu}{\sqrt{D}}}}$ and $y_{{c2::12}} = \frac{{c3::\beta}}{2}$, $\sqrt{{c4::\frac{1}{{2}}}}$.

$\frac{{c1::{\gamma}{\delta}}} + 1$ is {{c2::odd}}.

C: The [mitochondrion] is the powerhouse of {{c5::the cell}}.
Extra: It makes ATP.
"""
_ORDINALS = ({1, 2}, {1, 2, 3}, {1, 2}, {1, 2, 3, 4}, {1, 2}, {1, 5})
_HIDDEN = ("France", "factorial", "std::vector", r"\mu", r"\gamma", "mitochondrion")


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "gaps.md").write_text(_SOURCE, "utf-8")
    assert run(["build", "all", "gaps.md", "-o", "out/", "-q"]) == 0
    return tmp_path / "out"


def _shown(html: str) -> str:
    """A side without what Anki keeps beside it: styles, and the hidden text in an attribute."""
    plain = re.sub(r"<style>.*?</style>|data-cloze=\"[^\"]*\"", "", html, flags=re.DOTALL)
    return re.sub(r"<[^>]*>", "", plain).replace("&#58;", ":")


def test_every_number_is_a_card_that_hides_its_own_gaps(
    built: Path, tmp_path: Path, need: Callable[[str], str]
) -> None:
    need("anki")
    with opened(tmp_path / "collection") as anki:
        assert anki.read((built / "gaps.apkg").read_bytes()).new == len(_ORDINALS)
        cards = {frozenset(anki.cards(guid)): anki.cards(guid) for guid in anki.guids()}
        found = [{ordinal + 1 for ordinal in anki.cards(guid)} for guid in anki.guids()]
        assert sorted(map(sorted, found)) == sorted(map(sorted, _ORDINALS))
        first = [anki.cards(guid)[0] for guid in anki.guids()]
        for hidden in _HIDDEN:
            (card,) = (each for each in first if hidden in _shown(each.answer))
            assert hidden not in _shown(card.question)
            assert "[...]" in _shown(card.question)
        assert all("{{c" not in card.question + card.answer for note in cards.values() for card in note.values())
        (formula,) = (each for each in first if r"\mu" in _shown(each.answer))
        assert r"\(x =  [...] \)" in formula.question, "MathJax sets the formula around the gap"
        assert r"y_{ 12  }" in formula.question, "the gap's braces were LaTeX's too"
        (arguments,) = (each for each in first if r"\gamma" in _shown(each.answer))
        assert r"\(" not in arguments.question, "a fraction that lacks its arguments would take others"
        assert anki.problems() == []


def test_the_page_keeps_what_is_hidden_behind_its_buttons(built: Path) -> None:
    page = (built / "gaps.html").read_text("utf-8")
    gaps = re.findall(r'<span class="cf-gap" data-gap="(\d)">(<button.*?</button>)', page, re.DOTALL)
    assert [int(number) for number, _ in gaps] == [1, 2, 1, 1, 2, 3, 1, 2, 1, 2, 4, 1, 2, 1, 5]
    for _, button in gaps:
        assert not any(hidden in button for hidden in ("France", "factorial", "vector", "mitochondrion", "cell"))
    assert "a city</button>" in page
    assert '<span class="cf-filled" tabindex="-1"><span class="nf">factorial</span></span>' in page


def test_the_printed_question_has_blanks_where_the_answer_has_words(built: Path, need: Callable[[str], str]) -> None:
    need("pypdfium2")
    import pypdfium2

    pages = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(built / "gaps.pdf")]
    assert len(pages) == len(_ORDINALS)
    for page, hidden in zip(pages, _HIDDEN, strict=True):
        if not hidden.startswith("\\"):
            assert page.count(hidden) == 1, "below the fold only"
    assert "____(n):" in pages[1]
