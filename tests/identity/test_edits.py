"""Every row of docs/identity.md: two builds with an edit between, both imported into the real Anki, new and old."""

import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from learner import OLD_ANKI, Learner, newest, older
from PIL import Image

from cardforge.cli import run

_DOC = Path(__file__).parents[2] / "docs" / "identity.md"
_FIRST, _SECOND = 1_700_000_000, 1_700_100_000

_HEAD = "---\ndeck: Course::Lesson\n---\n\n"
_PPO = "Q: What does the clipped surrogate of PPO limit?\nA: How far one update may move the policy from the last.\n"
_KL = "Q: Which distance does the KL penalty keep small?\nA: That between the policy and its reference model.\n"
_GAE = "Q: What does lambda trade off in GAE?\nA: Bias against variance of the advantage estimate.\n"
_SHORT = "Q: Which optimizer do most people use?\nA: Adam\n"
_LIST = "Q: Put in order:\n\n- reward model\n- policy\n\nA: Reward model first, then the policy is trained on it.\n"
_QUOTED = 'Q: What is meant by "reward hacking"?\nA: A policy that scores well on the proxy and badly on the goal.\n'
_FLASHCARDS = "## Flashcards\n\n"


def _deck(*cards: str, head: str = _HEAD) -> str:
    return head + _FLASHCARDS + "\n".join(cards)


_BASE = {"cards/ppo.md": _deck(_PPO, _KL, _GAE, _SHORT, _LIST, _QUOTED)}
_ALL = (_PPO, _KL, _GAE, _SHORT, _LIST, _QUOTED)


def _with(**changes: str) -> dict[str, str]:
    """The base file with some cards written anew, told by their name in lower case."""
    names = dict(zip(("ppo", "kl", "gae", "short", "list", "quoted"), _ALL, strict=True))
    return {"cards/ppo.md": _deck(*(names | changes).values())}


_NUMBERED = (
    "## Self-check\n\n**1. Why is the reference model frozen?**\n\n<details><summary>Show answer</summary>\n\n"
    "So that the distance to it stays a fixed yardstick.\n\n</details>\n\n"
    "**2. What does beta weigh?**\n\n<details><summary>Show answer</summary>\n\n"
    "The KL penalty against the reward.\n\n</details>\n"
)
_ONE_FLASHCARD = "## Flashcards\n\nQ: Why is the reference model frozen?\nA: So that the distance to it stays fixed.\n"
_ONE_CHECK = (
    "## Flashcards\n\n**1. Why is the reference model frozen?**\n\n<details><summary>Show answer</summary>\n\n"
    "So that the distance to it stays fixed.\n\n</details>\n"
)
_PICTURE = "Q: What does this curve show?\nA: ![A falling curve](curve.png) The loss of the reward model.\n"


@dataclass(frozen=True, slots=True)
class Edit:
    """Files before and after an edit, and what Anki makes of the second package.

    ``middle`` is a build between the two, without an import; ``says`` a pattern of what the second build says. Only of
    an edit that leaves a card ``empty`` does Anki complain.
    """

    before: Mapping[str, str | bytes]
    after: Mapping[str, str | bytes]
    updated: int = 0
    new: int = 0
    middle: Mapping[str, str | bytes] | None = None
    says: str = ""
    empty: bool = False
    look: Callable[[Learner], None] = field(default=lambda _anki: None)


_RIVERS = "{{c1::Paris}} lies on the {{c2::Seine}}, and Rome does on the {{c3::Tiber}}.\n"
_CELLS = "C: The [mitochondrion] makes ATP, the [ribosome] makes protein in every living cell.\n"


def _rivers(*texts: str) -> dict[str, str]:
    return {"cards/rivers.md": _deck(*texts)}


def _png(colour: str) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8), colour).save(buffer, "PNG")
    return buffer.getvalue()


def _old_deck_kept(anki: Learner) -> None:
    decks = {card.deck for guid in anki.guids() for card in anki.cards(guid).values()}
    assert decks == {"Course::Lesson"}


def _one_more_card(anki: Learner) -> None:
    (guid,) = anki.guids()
    assert [card.reviews for _, card in sorted(anki.cards(guid).items())] == [1, 0, 0, 0]


def _new_picture_there(anki: Learner) -> None:
    assert _png("blue") in anki.media().values()


EDITS: dict[str, Edit] = {
    "nothing": Edit(_BASE, _BASE),
    "fix a typo in a question": Edit(_with(ppo=_PPO.replace("surrogate", "surogate")), _BASE, updated=1),
    "reword a question": Edit(
        _BASE,
        _with(kl=_KL.replace("Which distance does the KL penalty keep small?", "What is kept small by adding KL?")),
        updated=1,
    ),
    "rewrite an answer": Edit(
        _BASE,
        _with(gae=_GAE.split("A:", maxsplit=1)[0] + "A: A lower value trusts the critic, a higher one the return.\n"),
        updated=1,
    ),
    "reword a question and its answer": Edit(
        _BASE,
        _with(
            gae="Q: What does the lambda of GAE trade off?\nA: Bias of the critic against the variance of returns.\n"
        ),
        updated=1,
    ),
    "swap two cards": Edit(_BASE, {"cards/ppo.md": _deck(_KL, _PPO, _GAE, _SHORT, _LIST, _QUOTED)}),
    "reverse the order of all cards": Edit(_BASE, {"cards/ppo.md": _deck(*reversed(_ALL))}),
    "insert a card": Edit(
        _BASE,
        {"cards/ppo.md": _deck(_PPO, "Q: Who wrote the PPO paper?\nA: Schulman and others, 2017.\n", *_ALL[1:])},
        new=1,
    ),
    "renumber the questions": Edit(
        {"cards/a.md": _NUMBERED}, {"cards/a.md": _NUMBERED.replace("**2.", "**3.").replace("**1.", "**2.")}
    ),
    "wrap lines anew": Edit(
        _BASE, _with(ppo=_PPO.replace("clipped surrogate", "clipped\nsurrogate").replace("one update", "one\nupdate"))
    ),
    "use other list markers": Edit(_BASE, _with(list=_LIST.replace("- ", "* "))),
    "use typographic quotes": Edit(
        _BASE, _with(quoted=_QUOTED.replace('"reward hacking"', "“reward hacking”")), updated=1
    ),
    "rename the file": Edit(_BASE, {"cards/proximal.md": _BASE["cards/ppo.md"]}),
    "move a card to another file": Edit(
        {**_BASE, "cards/b.md": _deck("Q: What is a rollout?\nA: A whole completion sampled from the policy.\n")},
        {
            "cards/ppo.md": _deck(*_ALL[1:]),
            "cards/b.md": _deck("Q: What is a rollout?\nA: A whole completion sampled from the policy.\n", _PPO),
        },
    ),
    "move a card to another section": Edit(
        _BASE, {"cards/ppo.md": _deck(*_ALL[1:]) + "\n## Cards: more\n\n" + _PPO}, updated=1
    ),
    "rename the deck": Edit(
        _BASE, {"cards/ppo.md": _deck(*_ALL, head=_HEAD.replace("Lesson", "Chapter 2"))}, look=_old_deck_kept
    ),
    "add a tag": Edit(_BASE, _with(ppo="<!-- card: tags=exam -->\n" + _PPO), updated=1),
    "turn a flashcard into a self-check question": Edit(
        {"cards/a.md": _ONE_FLASHCARD},
        {"cards/a.md": _ONE_CHECK.replace("## Flashcards", "## Self-check: Flashcards")},
        updated=1,
    ),
    "give a card an id": Edit(_BASE, _with(ppo="<!-- card: id=clip -->\n" + _PPO)),
    "rename a card's id": Edit(
        _with(ppo="<!-- card: id=clip -->\n" + _PPO), _with(ppo="<!-- card: id=clipping -->\n" + _PPO)
    ),
    "reword a question under an id": Edit(
        _with(short="<!-- card: id=adam -->\n" + _SHORT),
        _with(short="<!-- card: id=adam -->\nQ: Name the default choice for training a network.\nA: Adam, by far\n"),
        updated=1,
    ),
    "replace a picture": Edit(
        {"cards/a.md": _deck(_PICTURE), "cards/curve.png": _png("red")},
        {"cards/a.md": _deck(_PICTURE), "cards/curve.png": _png("blue")},
        updated=1,
        look=_new_picture_there,
    ),
    "turn a flashcard into a cloze": Edit(
        _BASE, _with(kl=_KL.replace("KL penalty", "{{c1::KL penalty}}")), new=1, says="turned into a cloze.*a new note"
    ),
    "turn a cloze into a flashcard": Edit(
        _with(kl=_KL.replace("KL penalty", "{{c1::KL penalty}}")), _BASE, new=1, says="turned from a cloze.*a new note"
    ),
    "reword a cloze": Edit(_rivers(_RIVERS), _rivers(_RIVERS.replace("lies on", "is a city that lies on")), updated=1),
    "turn the order of a cloze's gaps about": Edit(
        _rivers(_RIVERS),
        _rivers("On the {{c2::Seine}} lies {{c1::Paris}}, and Rome does on the {{c3::Tiber}}.\n"),
        updated=1,
    ),
    "add a gap at the end": Edit(
        _rivers(_RIVERS), _rivers(_RIVERS.replace("Rome", "{{c4::Rome}}")), updated=1, look=_one_more_card
    ),
    "swap the numbers of two gaps": Edit(
        _rivers(_RIVERS),
        _rivers(_RIVERS.replace("c1", "c9").replace("c2", "c1").replace("c9", "c2")),
        updated=1,
        says=r"renumbered-cloze\].*“Seine” c1, not c2, “Paris” c2, not c1",
    ),
    "insert a gap into a C: text": Edit(
        _rivers(_CELLS),
        _rivers(_CELLS.replace("ATP", "[ATP]")),
        updated=1,
        says=r"renumbered-cloze\].*“ribosome” c3, not c2",
    ),
    "insert a gap with a number into a C: text": Edit(
        _rivers(_CELLS), _rivers(_CELLS.replace("ATP", "[c3::ATP]")), updated=1
    ),
    "remove a gap": Edit(_rivers(_RIVERS), _rivers(_RIVERS.replace("{{c3::Tiber}}", "Tiber")), updated=1, empty=True),
    "remove a card": Edit(_BASE, {"cards/ppo.md": _deck(*_ALL[1:])}),
    "remove a card and bring it back": Edit(_BASE, _BASE, middle={"cards/ppo.md": _deck(*_ALL[1:])}),
    "write the same card twice": Edit(_BASE, {"cards/ppo.md": _deck(*_ALL, _PPO)}, new=1),
    "ask something else with another answer": Edit(
        _BASE, _with(short="Q: How many heads has the transformer base model?\nA: Eight\n"), new=1
    ),
}


def test_every_row_of_the_table_is_run() -> None:
    rows = re.findall(r"^\| ([^|]+?) \|", _DOC.read_text("utf-8").split("## How a card")[0], re.MULTILINE)
    assert [row for row in rows if row != "edit"] == list(EDITS)


@pytest.mark.parametrize("version", ["newest", OLD_ANKI])
@pytest.mark.parametrize("name", EDITS)
def test_edit(
    name: str,
    version: str,
    tmp_path: Path,
    need: Callable[[str], str],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    need("anki")
    edit = EDITS[name]
    opened = newest if version == "newest" else older().opened
    project = tmp_path / "project"
    first = _build(project, edit.before, _FIRST, monkeypatch)
    with opened(tmp_path / "collection") as anki:
        assert anki.keeps_times is (version == "newest")
        assert anki.read(first).new == len(anki.guids())
        known = anki.guids()
        answered = {guid: anki.answer(guid) for guid in known}
        if edit.middle is not None:
            _build(project, edit.middle, _FIRST + 1000, monkeypatch)
        capfd.readouterr()
        second = _build(project, edit.after, _SECOND, monkeypatch)
        said = "".join(capfd.readouterr())
        assert re.search(edit.says, said, re.DOTALL)
        assert bool(edit.says) == bool(re.search("renumbered-cloze|turned", said))
        log = anki.read(second)
        assert (log.new, log.updated, log.conflicting) == (edit.new, edit.updated, 0)
        for guid in known:
            card, before = anki.cards(guid)[0], answered[guid]
            assert (card.id, card.due, card.interval, card.reviews) == (before.id, before.due, before.interval, 1)
        assert len(anki.guids()) == len(known) + edit.new
        edit.look(anki)
        if edit.before == edit.after and edit.middle is None:
            assert first == second
        assert ["empty cards" in problem for problem in anki.problems()] == [True] * edit.empty


def _build(project: Path, files: Mapping[str, str | bytes], clock: int, monkeypatch: pytest.MonkeyPatch) -> bytes:
    """Lay the project out anew, but for its lock, and build its package."""
    project.mkdir(exist_ok=True)
    for old in (project / "cards").glob("*"):
        old.unlink()
    (project / "cards").mkdir(exist_ok=True)
    (project / "cardforge.toml").write_text('name = "deck"\nnamespace = "tests"\n', "utf-8")
    for name, text in files.items():
        (project / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    monkeypatch.chdir(project)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(clock))
    assert run(["build", "anki"]) == 0
    return (project / "build" / "deck.apkg").read_bytes()
