"""Which cards of today are which notes of the last build, told through :func:`keep` as a build does."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardforge.diagnostics import Code, Severity, Sink, Span
from cardforge.doc import Gap, Paragraph, Text
from cardforge.identity.keeping import keep
from cardforge.identity.lock import Note, read_lock, write_lock
from cardforge.identity.matching import Asked, Matching, Whole, match_notes
from cardforge.identity.rarity import Vocabulary
from cardforge.identity.similarity import DOUBTFUL, MARGIN, SURE, likeness, settle
from cardforge.identity.told import told_of
from cardforge.identity.words import words_of
from cardforge.model import Body, Card, Choice, Cloze, Flashcard, Head, Option, SelfCheck, kind_of

CLOCK = 1_700_000_000
LONG = "It keeps the counts consistent without a lock for every object."


def body(text: str) -> Body:
    return Body(text, (Paragraph((Text(text),)),))


def card(
    question: str, answer: str, *, line: int = 1, file: str = "a.md", deck: str = "A", name: str | None = None
) -> Flashcard:
    return Flashcard(Head(Span(file, line, 1, line, 2), deck, id=name), body(question), body(answer))


def cloze(text: str, gap: str) -> Cloze:
    blocks = (Paragraph((Text(f"{text} "), Gap(1, (Text(gap),)))),)
    return Cloze(Head(Span("a.md", 1, 1, 1, 2), "A"), Body(f"{text} {{{{{gap}}}}}", blocks), Body("", ()))


def choice(question: str, right: str, *, line: int) -> Choice:
    options = (Option(body(right), correct=True), Option(body("None of these"), correct=False))
    return Choice(Head(Span("a.md", line, 1, line, 2), "A"), body(question), options, Body("", ()))


def replace_head(one: Flashcard, *, tags: tuple[str, ...]) -> Flashcard:
    return replace(one, head=replace(one.head, tags=tags))


def build(cards: Sequence[Card], before: Mapping[str, Note], sink: Sink | None = None) -> list[str]:
    """The cards' GUIDs, in order, when they are built on the notes of ``before``."""
    return [guid for guid, _ in built(cards, before, sink)[0]]


def built(
    cards: Sequence[Card], before: Mapping[str, Note], sink: Sink | None = None
) -> tuple[list[tuple[str, Card]], Mapping[str, Note]]:
    sink = sink if sink is not None else Sink()
    kept = keep(cards, before, namespace="tests", clock=CLOCK, doubt=Severity.WARNING, sink=sink)
    return [(kept.identities[one.head.span].guid, one) for one in cards], kept.notes


def notes_of(*cards: Card) -> tuple[list[str], Mapping[str, Note]]:
    return notes_after(cards, {})


def notes_after(cards: Sequence[Card], before: Mapping[str, Note]) -> tuple[list[str], Mapping[str, Note]]:
    """The cards' GUIDs, and the lock once they are built on the notes of ``before``."""
    pairs, notes = built(cards, before)
    return [guid for guid, _ in pairs], notes


# ---- certain matches


def test_an_explicit_id_keeps_the_note_through_any_edit() -> None:
    (guid,), notes = notes_of(card("What is a lock?", "A door's.", name="lock"))
    edited = card("Why do canals have chambers?", "Boats climb.", file="b.md", deck="B", name="lock")
    assert build([edited], notes) == [guid]


def test_a_guid_written_as_id_adopts_its_note() -> None:
    (first, second), notes = notes_of(card("What is iron?", "A metal."), card("What is neon?", "A gas.", line=9))
    adopting = card("Tell me of Fe.", "Metal!", name=first)
    assert build([adopting, card("What is neon?", "A gas.", line=9)], notes) == [first, second]


def test_an_explicit_id_wins_over_an_equal_question() -> None:
    (guid,), notes = notes_of(card("What is iron?", "A metal.", name="fe"))
    cards = [card("What is iron?", "A metal.", name="other"), card("Ferrum?", "A metal.", line=5, name="fe")]
    new, kept = build(cards, notes)
    assert kept == guid
    assert new != guid


def test_the_same_question_keeps_its_note_when_the_answer_is_rewritten_and_the_card_moves_down() -> None:
    (guid,), notes = notes_of(card("What is iron?", "A metal."))
    assert build([card("What is iron?", "Element 26, found in blood and bridges.", line=80)], notes) == [guid]


def test_typographic_quotes_and_white_space_are_the_same_question() -> None:
    (guid,), notes = notes_of(card('What does "rubato" ask for?', "Freedom."))
    assert build([card("What does  “rubato” ask\nfor?", "Freedom.")], notes) == [guid]


def test_a_moved_card_keeps_its_note() -> None:
    (guid, other), notes = notes_of(card("What is iron?", "A metal."), card("What is neon?", "A gas.", line=9))
    moved = card("What is iron?", "A metal.", file="b.md", deck="B")
    assert build([card("What is neon?", "A gas."), moved], notes) == [other, guid]


def test_renaming_a_file_and_its_deck_keeps_reworded_cards_too() -> None:
    before = [
        card("What is iron used for in the body?", LONG),
        card("Which metal is liquid at room temperature?", "Mercury", line=9),
        card("Which gas glows red in a tube?", "Neon", line=18),
    ]
    guids, notes = notes_of(*before)
    after = [
        card("What is iron used for in the body?", LONG, file="new.md", deck="New"),
        card("Which metal is a liquid at room temperature?", "Mercury", line=9, file="new.md", deck="New"),
        card("Which gas glows red in a tube?", "Neon", line=18, file="new.md", deck="New"),
    ]
    assert build(after, notes) == guids


def test_the_same_question_in_the_same_file_comes_before_one_elsewhere() -> None:
    here, there = card("What is it?", "One."), card("What is it?", "Two.", file="b.md", deck="B")
    (first, second), notes = notes_of(here, there)
    assert first != second
    corrected = [card("What is it?", "A two."), card("What is it?", "A one.", file="b.md", deck="B")]
    assert build(corrected[::-1], notes) == [second, first]


def test_the_same_question_with_the_same_answer_comes_before_one_in_the_same_file() -> None:
    guids, notes = notes_of(card("What is it?", "One."), card("What is it?", "Two.", file="b.md", deck="B"))
    swapped = [card("What is it?", "Two."), card("What is it?", "One.", file="b.md", deck="B")]
    assert build(swapped, notes) == guids[::-1]


def test_a_copy_that_says_what_it_said_keeps_its_note_when_files_trade_names_and_the_other_changes() -> None:
    ours, theirs = card("Who?", "Bach"), replace_head(card("Who?", "Bach", file="b.md"), tags=("exam",))
    guids, notes = notes_of(ours, theirs)
    traded = [replace_head(card("Who?", "J. S. Bach"), tags=("exam",)), card("Who?", "Bach", file="b.md")]
    assert build(traded, notes) == guids[::-1]


def test_a_copy_is_told_by_its_options_when_the_other_is_reworded() -> None:
    """Without an explanation nothing else tells two of one question apart."""
    old = [choice("What does git revert do?", right, line=line) for right, line in (("Undoes.", 1), ("Reverts.", 9))]
    guids, notes = notes_of(*old)
    assert build([choice("For what is git revert?", "Takes back.", line=1), old[1]], notes)[1] == guids[1]


def test_a_long_answer_finds_its_card_under_a_reworded_question() -> None:
    (guid,), notes = notes_of(card("Why does Python have a global interpreter lock?", LONG))
    reworded = card("What is the reason for Python's global interpreter lock?", LONG)
    assert build([reworded], notes) == [guid]


def test_a_short_answer_alone_finds_nothing() -> None:
    (guid,), notes = notes_of(card("Does bagging reduce variance?", "Yes"))
    assert build([card("Is the sky of Mars pink at noon?", "Yes")], notes) != [guid]


# ---- likely matches


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Why is the global interpeter lock held?", "Why is the global interpreter lock held?"),
        ("Which artery usually supplies the sinoatrial node?", "Which artery supplies the sinoatrial node?"),
        ("What does git rebase do?", "What does **git rebase** do?"),
        ("Name the principles of good design.", "Name the five principles of good design."),
    ],
)
def test_a_light_edit_keeps_the_note_by_the_question_and_a_short_answer(before: str, after: str) -> None:
    (guid,), notes = notes_of(card(before, "See below"))
    assert build([card(after, "See below")], notes) == [guid]


def test_a_light_edit_keeps_the_note_though_the_answer_is_new() -> None:
    (guid,), notes = notes_of(card("What distinguishes natural selection from genetic drift?", "Chance."))
    after = card(
        "What distinguishes natural selection from genetic drift, in short?", "Selection favours; drift does not."
    )
    assert build([after], notes) == [guid]


@pytest.mark.parametrize(("answer", "is_sure"), [("Jane Austen", False), ("Jane Austen, in Hampshire, in 1815", True)])
def test_one_rare_word_for_another_is_not_sure_under_a_short_answer(
    answer: str,
    is_sure: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    (guid,), notes = notes_of(card("Persuasion is the work of which author?", answer))
    sink = Sink()
    again = build([card("Emma is the work of which author?", answer)], notes, sink)
    assert (again == [guid], len(list(sink))) == (is_sure, not is_sure)


def test_a_card_that_may_be_two_notes_is_doubtful_and_gets_neither() -> None:
    old = [
        card("Which muscle of the upper arm flexes the elbow?", "Biceps"),
        card("Which muscle of the lower arm flexes the elbow?", "Another", line=9),
    ]
    guids, notes = notes_of(*old)
    sink = Sink()
    (guid,) = build([card("Which muscle of the arm flexes the elbow?", "One of them")], notes, sink)
    assert guid not in guids
    (finding,) = sink
    assert finding.code is Code.DOUBTFUL_MATCH
    assert all(question in finding.message for question in ("of the upper", "of the lower"))


def test_what_a_doubt_advises_settles_it() -> None:
    old = [
        card("Which muscle of the upper arm flexes the elbow?", "Biceps"),
        card("Which muscle of the lower arm flexes the elbow?", "Another", line=9),
    ]
    guids, notes = notes_of(*old)
    sink = Sink()
    decided = card("Which muscle of the arm flexes the elbow?", "One of them", name=guids[1])
    assert build([decided], notes, sink) == [guids[1]]
    assert not list(sink)


def test_another_topic_is_a_new_note_without_a_doubt() -> None:
    (guid,), notes = notes_of(card("Why does Python have a global interpreter lock?", LONG))
    sink = Sink()
    assert build([card("Who painted Las Meninas?", "Diego Velázquez")], notes, sink) != [guid]
    assert not list(sink)


# ---- two cards at once


def test_two_cards_that_change_places_keep_their_notes() -> None:
    (iron, neon), notes = notes_of(card("What is iron?", "A metal."), card("What is neon?", "A gas.", line=9))
    assert build([card("What is neon?", "A gas."), card("What is iron?", "A metal.", line=9)], notes) == [neon, iron]


def test_swapped_answers_follow_the_questions() -> None:
    other = "A colourless gas that hardly reacts with anything."
    (iron, neon), notes = notes_of(card("What is iron?", LONG), card("What is neon?", other, line=9))
    assert build([card("What is iron?", other), card("What is neon?", LONG, line=9)], notes) == [iron, neon]


def test_equal_questions_are_told_apart_by_their_answers() -> None:
    (one, two), notes = notes_of(card("Translate: bank", "die Bank"), card("Translate: bank", "das Ufer", line=9))
    assert one != two
    reordered = [card("Translate: bank", "das Ufer"), card("Translate: bank", "die Bank", line=9)]
    assert build(reordered, notes) == [two, one]


def test_an_equal_card_added_in_front_does_not_take_the_note() -> None:
    (guid,), notes = notes_of(card("Translate: bank", "die Bank"))
    cards = [card("Translate: bank", "das Ufer"), card("Translate: bank", "die Bank", line=9)]
    new, kept = build(cards, notes)
    assert kept == guid
    assert new != guid


# ---- new GUIDs, and cards that are equal in all


def test_a_question_that_an_earlier_note_once_asked_gets_a_guid_of_its_own() -> None:
    (guid,), notes = notes_of(card("What is iron?", LONG))
    reworded = card("What, please, is iron?", LONG)
    _, renamed = notes_after([reworded], notes)
    (kept, new), both = notes_after([reworded, card("What is iron?", "Fe", line=9)], renamed)
    assert kept == guid
    assert new != guid
    assert sorted(both) == sorted({kept, new})


def test_not_even_a_note_that_is_gone_has_its_guid_given_again() -> None:
    """Anki would write the new card over the old one, with its schedule."""
    (guid,), notes = notes_of(card("What is iron?", LONG))
    _, renamed = notes_after([card("What, please, is iron?", LONG)], notes)
    _, without = notes_after([], renamed)
    assert without[guid].gone
    (new,), later = notes_after([card("What is iron?", "Fe")], without)
    assert new != guid
    assert later[guid] == without[guid]
    assert len(later) == 2


@pytest.mark.parametrize("first", [True, False])
def test_a_guid_that_a_source_carries_is_not_given_to_an_equal_card_without(
    first: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    (guid,), _ = notes_of(card("What is iron?", "Fe"))
    stamped, plain = card("What is iron?", "Fe", name=guid, line=5), card("What is iron?", "Fe", line=1 if first else 9)
    guids, notes = notes_after([plain, stamped] if first else [stamped, plain], {})
    assert guids.index(guid) == (1 if first else 0)
    assert len(set(guids)) == len(notes) == 2


def test_cards_equal_in_all_keep_their_guids_in_their_order_however_often_they_are_built() -> None:
    copies = [card("What is iron?", "Fe", line=line) for line in range(1, 30, 2)]
    guids, notes = notes_of(*copies)
    assert guids != sorted(guids), "else any order would do"
    for _ in range(2):
        again, notes = notes_after(copies, notes)
        assert again == guids
    assert build([*copies, card("What is iron?", "Fe", line=99)], notes)[:-1] == guids
    few, without = notes_after(copies[:9], notes)
    assert build(copies[:9], without) == few
    assert build(copies, without) == guids, "those that were gone come back"


def test_a_copy_that_is_reworded_keeps_its_note_as_the_card_alone_would() -> None:
    before, after = (f"What {words} by opportunity cost?" for words in ("is meant", "does one mean"))
    for answer, codes in ((LONG, []), ("", [Code.DOUBTFUL_MATCH])):
        for copies in (0, 1, 3):
            others = [card(before, answer, line=line) for line in range(9, 9 + copies)]
            guids, notes = notes_of(card(before, answer), *others)
            sink = Sink()
            again = build([card(after, answer), *others], notes, sink)
            assert [found.code for found in sink] == codes
            assert len({*guids, *again}) == 1 + copies + len(codes)


# ---- notes that are gone


def test_a_note_whose_card_was_deleted_comes_back_with_its_card() -> None:
    there = card("What is iron?", "A metal.")
    (guid, _), notes = notes_of(there, card("What is neon?", "A gas.", line=9))
    _, without = built([card("What is neon?", "A gas.")], notes)
    assert without[guid].gone
    pairs, back = built([card("What is neon?", "A gas."), replace(there, head=replace(there.head, deck="B"))], without)
    assert pairs[1][0] == guid
    assert not back[guid].gone


def test_a_note_that_is_gone_is_not_taken_for_a_similar_card() -> None:
    (guid, _), notes = notes_of(
        card("Which artery usually supplies the sinoatrial node?", "The right one"),
        card("What is neon?", "A gas.", line=9),
    )
    _, without = built([card("What is neon?", "A gas.", line=9)], notes)
    late = card("Which artery supplies the sinoatrial node?", "The right one")
    assert build([late, card("What is neon?", "A gas.", line=9)], without)[0] != guid


def test_a_living_note_comes_before_one_that_is_gone() -> None:
    first, second = card("What is it?", "One."), card("What is it?", "Two.", line=9)
    (gone, living), notes = notes_of(first, second)
    _, without = built([second], notes)
    assert without[gone].gone
    assert build([card("What is it?", "Three.", line=9)], without) == [living]


def test_a_moved_card_keeps_its_note_although_an_equal_one_is_gone_where_it_went() -> None:
    here = card("What does PPO clip?", "The probability ratio.", file="a.md")
    there = card("What does PPO clip?", "The probability ratio.", file="b.md")
    (living, gone), notes = notes_of(here, there)
    _, without = built([here], notes)
    assert without[gone].gone
    assert build([there], without) == [living]


# ---- basic and cloze


def test_a_basic_card_never_becomes_a_cloze_note() -> None:
    (guid,), notes = notes_of(card("Iron is a metal", "", name=None))
    assert build([cloze("Iron is a", "metal")], notes) != [guid]


def test_not_even_under_the_same_explicit_id() -> None:
    (guid,), notes = notes_of(card("Iron is a", "metal", name="fe"))
    basic_to_cloze = cloze("Iron is a", "metal")
    named = replace(basic_to_cloze, head=replace(basic_to_cloze.head, id="fe"))
    assert build([named], notes) != [guid]


# ---- likeness and settle

QUESTIONS = st.text(alphabet="abcde xyz?0Ä日", max_size=30)


@given(QUESTIONS, QUESTIONS)
def test_likeness_is_between_0_and_1(left: str, right: str) -> None:
    assert 0 <= likeness(left, right) <= 1


def test_an_equal_question_is_sure() -> None:
    assert likeness("Which gas glows red in a tube?", "Which gas glows red in a tube?") >= SURE


SCORES = st.dictionaries(
    st.tuples(st.integers(0, 5), st.sampled_from(["a", "b", "c", "d", "e"])), st.floats(0, 1), max_size=20
)


@given(SCORES)
def test_settle_takes_no_card_and_no_note_twice(scores: dict[tuple[int, str], float]) -> None:
    sure, doubts = settle(scores)
    cards, guids = [card for card, _ in sure], [guid for _, guid in sure]
    assert len(set(cards)) == len(cards)
    assert len(set(guids)) == len(guids)
    for doubtful, candidates in doubts:
        assert doubtful not in cards
        assert candidates
        assert not set(candidates) & set(guids)
        assert [scores[doubtful, guid] for guid in candidates] == sorted(
            (scores[doubtful, guid] for guid in candidates), reverse=True
        )


@given(SCORES, st.randoms(use_true_random=False))
def test_settle_does_not_depend_on_the_order_of_the_scores(
    scores: dict[tuple[int, str], float], random: Random
) -> None:
    items = list(scores.items())
    random.shuffle(items)
    assert settle(dict(items)) == settle(scores)


@given(SCORES)
def test_settle_takes_only_what_is_likely(scores: dict[tuple[int, str], float]) -> None:
    sure, doubts = settle(scores)
    assert all(scores[pair] >= SURE for pair in sure)
    assert all(scores[card, guid] >= DOUBTFUL for card, guids in doubts for guid in guids)


@pytest.mark.parametrize("rival", [(0, "b"), (1, "a")])
def test_a_rival_that_comes_near_makes_a_pair_doubtful(rival: tuple[int, str]) -> None:
    score = min(1.0, SURE + 2 * MARGIN)
    near, far = score - MARGIN / 2, score - 1.5 * MARGIN
    assert settle({(0, "a"): score, rival: near})[0] == []
    assert (0, "a") in settle({(0, "a"): score, rival: far})[0]


def test_taking_a_pair_makes_another_sure() -> None:
    scores = {(0, "a"): 0.99, (1, "a"): 0.80, (1, "b"): 0.80}
    assert settle(scores) == ([(0, "a"), (1, "b")], [])


# ---- the answer in the lock


def test_an_answer_that_goes_on_after_the_one_in_the_lock_keeps_a_reworded_card() -> None:
    before = card("Which town did the Hanseatic diet meet in?", "Lübeck")
    (guid,), notes = notes_of(before)
    read = read_lock("cardforge.lock", write_lock(notes.values()), Sink())
    assert read == notes
    after = card("Which old town did the Hanseatic diet meet in?", "Lübeck. It was the head of the league.")
    assert build([after], read) == [guid]
    without = {name: replace(note, answer=b"") for name, note in notes.items()}
    assert "\nanswer " not in write_lock(without.values())
    assert build([after], without) != [guid]


def test_words_that_are_looked_for_are_held_by_the_questions_that_reading_all_finds() -> None:
    chance = Random(3)  # noqa: S311 - the same questions each time
    stock = "policy policies reward rewarded ratio RATIO the a of KL-divergence β₂ naïve 2 two what is clipping".split()
    drawn = (" ".join(chance.choices(stock, k=chance.randint(1, 6))) + "?" for _ in range(300))
    questions = [*dict.fromkeys(drawn)]
    words = sorted({word for question in questions for word in words_of(question).all} | {"never", "rat"})
    assert len(words) < 60
    looked, read = Vocabulary(questions), Vocabulary(questions)
    for number in range(100):
        read.count(f"no such word {number}")  # so many are looked for that all questions are read
    for word in words:
        held = {number for number, question in enumerate(questions) if word in words_of(question).all}
        assert looked.holders(word) == held
        assert read.holders(word) == held


QUESTIONS = st.sampled_from(
    ["What is it?", "What is that?", "Why does the sky look blue by day?", "Why does the sky look red at dusk?", "Who?"]
)
ANSWERS = st.sampled_from(["Yes.", "It is what it is, and nothing more than that.", LONG, "Light is scattered.", ""])
NAMES = st.sampled_from([None, None, None, "mine", "yours"])


@st.composite
def histories(draw: st.DrawFn) -> list[list[Card]]:
    """Builds of a few cards, each made from the one before by a few edits."""

    def new() -> Card:
        one: Card = card(draw(QUESTIONS), draw(ANSWERS), name=draw(NAMES))
        if draw(st.integers(0, 3)) == 0:
            one = replace(cloze(draw(QUESTIONS), draw(ANSWERS) or "x"), head=one.head)
        return one

    def edited(one: Card) -> list[Card]:
        head = one.head
        file = replace(head, span=replace(head.span, file=draw(st.sampled_from(["a.md", "b.md"]))))
        match draw(st.integers(0, 9)):
            case 0:
                return []
            case 1:
                return [one, replace(one, head=file)]
            case 2:
                return [replace(one, head=file)]
            case 3:
                return [replace(one, head=replace(head, deck=draw(st.sampled_from("AB"))))]
            case 4:
                return [replace(one, head=replace(head, tags=draw(st.sampled_from([(), ("tag",)]))))]
            case 5:
                return [replace(one, head=replace(head, section=draw(st.sampled_from(["", "S"]))))]
            case 6:
                return [replace(new(), head=head)]
            case 7 if isinstance(one, Cloze):
                gap = Gap(draw(st.integers(1, 4)), (Text("x"),))
                return [replace(one, text=Body(one.text.source, (Paragraph((Text("It "), gap)),)))]
            case 7 if isinstance(one, Flashcard):
                return [SelfCheck(head, one.question, one.answer)]
            case _:
                return [one]

    builds = [[new() for _ in range(draw(st.integers(1, 5)))]]
    for _ in range(draw(st.integers(1, 3))):
        builds.append([*(each for one in builds[-1] for each in edited(one)), *([new()] * draw(st.integers(0, 1)))])
    spans = [[replace(one.head.span, line=at, end_line=at) for at, one in enumerate(build, 1)] for build in builds]
    return [
        [replace(one, head=replace(one.head, span=span)) for one, span in zip(build, places, strict=True)]
        for build, places in zip(builds, spans, strict=True)
    ]


def test_only_what_is_not_as_it_was_is_matched(monkeypatch: pytest.MonkeyPatch) -> None:
    cards = [card(f"What is the number {at}?", f"It is {at}.", line=at) for at in range(1, 20)]
    _, before = built(cards, {})
    cards[4] = card("What is the number 5?", "It is five.", line=5)
    asked: list[str] = []

    def watched(cards: Sequence[Asked], notes: Sequence[Note], whole: Whole) -> Matching:
        asked.extend(each.question for each in cards)
        assert len(notes) == len(cards)
        return match_notes(cards, notes, whole)

    monkeypatch.setattr("cardforge.identity.keeping.match_notes", watched)
    assert [note.guid for note in built(cards, before)[1].values() if note.answer == b"It is five."]
    assert asked == ["What is the number 5?"]


@given(histories(), st.data())
def test_what_is_told_at_once_is_what_matching_says(builds: list[list[Card]], data: st.DataObject) -> None:
    before: Mapping[str, Note] = {}
    for build in builds:
        cards = build
        if before and cards and data.draw(st.integers(0, 3)) == 0:  # an author may write down what a note is called
            named = data.draw(st.sampled_from(sorted(before)))
            cards = [replace(cards[0], head=replace(cards[0].head, id=named)), *cards[1:]]
        told = []
        for quick in (True, False):
            sink = Sink()
            with pytest.MonkeyPatch.context() as patch:
                if not quick:
                    patch.setattr("cardforge.identity.keeping.as_they_were", lambda *_: {})
                kept = keep(cards, before, namespace="tests", clock=CLOCK, doubt=Severity.WARNING, sink=sink)
            told.append((kept, [d.message for d in sink]))
        assert told[0] == told[1]
        before = kept.notes
        for one in cards:
            note, its = kept.identities[one.head.span], told_of(one)
            assert note is before[note.guid]
            assert not note.gone
            assert (note.key, note.content, note.ordinals) == (its.key, its.content, its.ordinals)
            assert (note.question, note.answer) == (its.question, its.answer_text)
            head = one.head
            assert (note.file, note.deck, note.id, note.tags) == (head.span.file, head.deck, head.id, head.tags)
            assert note.kind == kind_of(one)
            assert len(note.card_ids) >= max(2 * (note.kind != "cloze"), *note.ordinals, 0)
