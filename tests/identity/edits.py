"""Everything an author does to a collection between two builds. Each edit says whether it could be made."""

import random
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from course import DECKS, KINDS, NAMES, TITLES, Course, Draft, next_card, some_tags

_CLAUSES: Final = (", in short", " (one sentence is enough)", ", as a rule", ", according to the lecture")
_LONG_WORD: Final = re.compile(r"(?<![\w`\"])[^\W\d_]{6,}(?![\w`\"])")


def _any(course: Course, rng: random.Random) -> Draft | None:
    return rng.choice(course.cards) if course.cards else None


def _question(course: Course, rng: random.Random, edit: Callable[[random.Random, Draft], str]) -> bool:
    """An edit of a question: one between two builds, and none of a card that gets another id there."""
    card = _any(course, rng)
    if card is None or card.asked or card.named:
        return False
    text = edit(rng, card)
    if text == card.question:
        return False
    card.asked, card.question = True, text
    return True


def _misspelt(rng: random.Random, card: Draft) -> str:
    found = list(_LONG_WORD.finditer(card.question))
    if not found:
        return card.question
    word = rng.choice(found)
    at = rng.randrange(word.start() + 1, word.end() - 2)
    text = card.question
    return rng.choice(
        (
            text[:at] + text[at + 1] + text[at] + text[at + 2 :],
            text[:at] + text[at + 1 :],
            text[:at] + text[at] + text[at:],
        )
    )


def typo(course: Course, rng: random.Random) -> bool:
    return _question(course, rng, _misspelt)


def reword(course: Course, rng: random.Random) -> bool:
    card = _any(course, rng)
    if card is None or card.asked or card.named or card.told:
        return False
    _in_other_words(card)
    # Of cards that ask the same of different things one cannot always tell which it was, in wholly other words.
    card.remade = card.family >= 0 and card.id is None
    return True


def _in_other_words(card: Draft) -> None:
    card.question, card.other_question = card.other_question, card.question
    card.asked = card.told = True


def remake(course: Course, rng: random.Random) -> bool:
    """A question and its answer in other words at once: nobody but the author can say whether it is the same card."""
    return _remade(_any(course, rng))


def _remade(card: Draft | None) -> bool:
    if card is None or card.asked or card.named or card.told:
        return False
    _in_other_words(card)
    card.answer, card.other_answer = card.other_answer, card.answer
    card.remade = card.id is None
    return True


def remake_sisters(course: Course, rng: random.Random) -> bool:
    """Two cards that ask the same of different things, both remade."""
    card = _sister(course, rng)
    sisters = [each for each in course.cards if card and each.family == card.family and each is not card]
    return bool(sisters) and _remade(card) and _remade(rng.choice(sisters))


def _sister(course: Course, rng: random.Random) -> Draft | None:
    found = [card for card in course.cards if card.family >= 0]
    return rng.choice(found) if found else None


def replace_by_sister(course: Course, rng: random.Random) -> bool:
    """A card gives way to one that asks the same of something else."""
    card = _sister(course, rng)
    sisters = [each for each in course.unwritten if card and each.family == card.family]
    if card is None or not sisters:
        return False
    page = course.page_of(card)
    at = next(number for number, each in enumerate(page.cards) if each is card)
    page.cards[at] = next_card(course, rng, rng.choice(sisters))
    course.removed.append(card)
    return True


def ask_something_else(course: Course, rng: random.Random) -> bool:
    """Another question with another answer under an id that the card already had: it stays the same note."""
    found = [card for card in course.cards if card.id and not (card.fresh or card.named or card.asked)]
    if not found:
        return False
    card = rng.choice(found)
    number = course.fresh("")
    card.question, card.other_question = f"What says note {number}?", f"Tell what note {number} says."
    card.answer, card.other_answer = f"Nothing but {number}.", f"It says {number}."
    card.kind, card.prompt, card.family = "flashcard", "", -1
    card.asked = card.told = True
    return True


def add_clause(course: Course, rng: random.Random) -> bool:
    clause = rng.choice(_CLAUSES)

    def edit(_: random.Random, card: Draft) -> str:
        end = card.question[-1]
        bare = card.question[:-1]
        found = next((each for each in _CLAUSES if bare.endswith(each)), None)
        return f"{bare.removesuffix(found) if found else bare + clause}{end}"

    return _question(course, rng, edit)


def embolden(course: Course, rng: random.Random) -> bool:
    def edit(rng: random.Random, card: Draft) -> str:
        if "**" in card.question:
            return card.question.replace("**", "")
        found = list(_LONG_WORD.finditer(card.question))
        word = rng.choice(found) if found else None
        return f"{card.question[: word.start()]}**{word[0]}**{card.question[word.end() :]}" if word else card.question

    return _question(course, rng, edit)


def rewrite_answer(course: Course, rng: random.Random) -> bool:
    """Another answer, unless the question is in other words already."""
    card = _any(course, rng)
    if card is None or card.told:
        return False
    card.answer, card.other_answer = card.other_answer, card.answer
    card.told = True
    return True


def correct_answer(course: Course, rng: random.Random) -> bool:
    """A word or a sentence more."""
    card = _any(course, rng)
    if card is None:
        return False
    more = " See the summary."
    card.answer = card.answer.removesuffix(more) if card.answer.endswith(more) else card.answer + more
    return True


def reorder(course: Course, rng: random.Random) -> bool:
    page = rng.choice(course.pages)
    rng.shuffle(page.cards)
    return len(page.cards) > 1


def swap(course: Course, rng: random.Random) -> bool:
    page = rng.choice(course.pages)
    if len(page.cards) < 2:
        return False
    left, right = rng.sample(range(len(page.cards)), 2)
    page.cards[left], page.cards[right] = page.cards[right], page.cards[left]
    return True


def insert(course: Course, rng: random.Random) -> bool:
    if not course.unwritten:
        return False
    page = rng.choice(course.pages)
    page.cards.insert(rng.randint(0, len(page.cards)), next_card(course, rng))
    return True


def write_twice(course: Course, rng: random.Random) -> bool:
    """The same card again, in this file or in another."""
    card = _any(course, rng)
    if card is None or card.id is not None or sum(each.mark == card.mark for each in course.cards) > 3:
        return False
    page = rng.choice((course.page_of(card), *course.pages))
    page.cards.insert(rng.randint(0, len(page.cards)), replace(card, fresh=True, remade=False))
    return True


def delete(course: Course, rng: random.Random) -> bool:
    card = _any(course, rng)
    if card is None or len(course.cards) < 6:
        return False
    page = course.page_of(card)
    page.cards = [each for each in page.cards if each is not card]
    course.removed.append(card)
    return True


def bring_back(course: Course, rng: random.Random) -> bool:
    if not course.removed:
        return False
    card = rng.choice(course.removed)
    course.removed = [each for each in course.removed if each is not card]
    card.asked = card.told = card.fresh = True  # a note that is gone is known by its question alone
    page = rng.choice(course.pages)
    page.cards.insert(rng.randint(0, len(page.cards)), card)
    return True


def move(course: Course, rng: random.Random) -> bool:
    card = _any(course, rng)
    if card is None:
        return False
    page, other = course.page_of(card), rng.choice(course.pages)
    page.cards = [each for each in page.cards if each is not card]
    other.cards.insert(rng.randint(0, len(other.cards)), card)
    return page is not other


def rename_file(course: Course, rng: random.Random) -> bool:
    free = [name for name in NAMES if name not in {page.name for page in course.pages}]
    rng.choice(course.pages).name = rng.choice(free)
    return True


def trade_files(course: Course, rng: random.Random) -> bool:
    """Two files change names."""
    one, other = rng.sample(course.pages, 2)
    one.name, other.name = other.name, one.name
    return True


def rename_deck(course: Course, rng: random.Random) -> bool:
    rng.choice(course.pages).deck = rng.choice(DECKS)
    return True


def change_own_deck(course: Course, rng: random.Random) -> bool:
    card = _any(course, rng)
    if card is not None:
        card.deck = rng.choice((None, *DECKS))
    return card is not None


def retag(course: Course, rng: random.Random) -> bool:
    card = _any(course, rng)
    if card is not None:
        card.tags = some_tags(rng)
    return card is not None


def retag_file(course: Course, rng: random.Random) -> bool:
    rng.choice(course.pages).tags = some_tags(rng)
    return True


def rename_section(course: Course, rng: random.Random) -> bool:
    rng.choice(course.pages).titles[rng.choice(KINDS)] = rng.choice(TITLES)
    return True


def change_kind(course: Course, rng: random.Random) -> bool:
    card = _any(course, rng)
    if card is None or card.kind == "scenario":
        return False
    card.kind = rng.choice([kind for kind in KINDS if kind not in (card.kind, "scenario")])
    return True


def change_id(course: Course, rng: random.Random) -> bool:
    """An id given, renamed or taken away: not of a question that changed: its author makes that a new card."""
    card = _any(course, rng)
    if card is None or card.asked or card.named:
        return False
    card.id = course.fresh("id-") if card.id is None or rng.random() < 0.5 else None
    card.named = True
    return True


def rewrap(course: Course, rng: random.Random) -> bool:
    card = _any(course, rng)
    if card is not None:
        card.is_wrapped = not card.is_wrapped
    return card is not None


def renumber(course: Course, rng: random.Random) -> bool:
    rng.choice(course.pages).first = rng.randint(1, 9)
    return True


def typographic_quotes(course: Course, rng: random.Random) -> bool:
    found = [card for card in course.cards if '"' in card.question]
    if not found:
        return False
    card = rng.choice(found)
    card.question = re.sub('"(.+)"', r"“\1”", card.question)
    return True


Edit = Callable[[Course, random.Random], bool]
IN_A_FILE: Final[tuple[Edit, ...]] = (
    typo,
    reword,
    add_clause,
    embolden,
    rewrite_answer,
    correct_answer,
    remake,
    remake_sisters,
    replace_by_sister,
    ask_something_else,
    reorder,
    swap,
    insert,
    write_twice,
    delete,
    bring_back,
    change_own_deck,
    retag,
    change_kind,
    change_id,
    rewrap,
    typographic_quotes,
)
"""What may be done to one file while somebody else edits another."""
ALL: Final[tuple[Edit, ...]] = (
    *IN_A_FILE,
    move,
    rename_file,
    trade_files,
    rename_deck,
    retag_file,
    rename_section,
    renumber,
)
EDITS: Final = {edit.__name__: edit for edit in ALL}
