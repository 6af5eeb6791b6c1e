"""What a learner gets: packages go through the real importer, and Anki's own checks have nothing to say."""

import re
from collections.abc import Sequence

import pytest
from anki_cards import YESTERDAY, body, collection, guid, head, line, package

from anki_harness import Anki, Log
from cardforge.doc import Align, Cell, Code, CodeBlock, Gap, Image, Link, Math, MathBlock, Table, Text
from cardforge.model import Card, Choice, Cloze, Flashcard, Media, Option, Scenario, SelfCheck

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc0000003010100c9fe92"
    "ef0000000049454e44ae426082"
)
FLASHCARD = Flashcard(
    head(1, section="Types", source="https://example.org/types/"),
    body(line("What is ", Code("List<String>"), " if a<b and ", Math("a<b"), "?")),
    body(
        "A list & more.",
        CodeBlock("if a < b:\n    print('{{c1::x}}')", "python"),
        Table((Align.LEFT, Align.RIGHT), (Cell((Text("n"),)), Cell((Text("m"),))), ((Cell((Text("1"),)),) * 2,)),
        MathBlock(r"\frac{a}{b}"),
    ),
    hint=body("Think of generics."),
)
SELF_CHECK = SelfCheck(head(2), body("Why?"), body("Because."))
SCENARIO = Scenario(head(3), body("A train leaves."), body("Is it late?"), "No", body("It is on time."))
CHOICE = Choice(
    head(4),
    body("Which are even?"),
    (Option(body("two"), correct=True), Option(body("three"), correct=False), Option(body("four"), correct=True)),
    body("Divide by two."),
)
CLOZE = Cloze(
    head(5),
    body(line("The ", Gap(1, (Text("Seine"),), "a river"), " flows through ", Gap(2, (Text("Paris"),)), ".")),
    body("France."),
)
EVERY_KIND: Sequence[Card] = (FLASHCARD, SELF_CHECK, SCENARIO, CHOICE, CLOZE)


def test_every_kind_arrives_whole(anki: Anki) -> None:
    assert anki.read(package(collection(EVERY_KIND))) == Log(new=5, updated=0, duplicate=0, conflicting=0)

    card = anki.cards(guid(1))[0]
    assert "List&lt;String&gt;" in card.question
    assert "a&lt;b and " in card.question
    assert r"\(a&lt;b\)" in card.question
    assert "Types" in card.question
    assert "Think of generics." in card.question
    assert "A list &amp; more." in card.answer
    assert "<table>" in card.answer
    assert r"\[\frac{a}{b}\]" in card.answer
    assert '<a href="https://example.org/types/">example.org/types</a>' in card.answer
    assert "A list" not in card.question

    assert "Because." in anki.cards(guid(2))[0].answer

    scenario = anki.cards(guid(3))[0]
    assert scenario.question.index("A train leaves.") < scenario.question.index("Is it late?")
    assert ">✗</span> No<" in scenario.answer
    assert "It is on time." in scenario.answer

    choice = anki.cards(guid(4))[0]
    assert "✓" not in choice.question
    assert all(text in choice.question for text in ("Which are even?", "two", "three", "four"))
    answer = choice.answer.split('id="answer"')[1]
    assert [option.partition("</li>")[0].count("✓") for option in answer.split("<li")[1:]] == [1, 0, 1]
    assert "Divide by two." in answer

    seine, paris = anki.cards(guid(5)).values()
    assert "[a river]" in seine.question
    assert "Seine" not in seine.question.replace('data-cloze="Seine"', "")
    assert "[...]" in paris.question
    assert "Seine" in paris.question
    assert "France." in paris.answer

    assert {name for name in anki.note_types() if name.startswith("cardforge")} == {
        "cardforge Basic",
        "cardforge Cloze",
    }
    assert anki.problems() == []


def test_an_import_makes_the_sort_field_and_the_checksum(anki: Anki) -> None:
    anki.read(package(collection([FLASHCARD, CLOZE, SELF_CHECK])))
    rows = anki.col.db.all("select sfld, csum, flds from notes")
    assert len(rows) == 3
    for sort, checksum, fields in rows:
        assert sort
        assert sort[:8] in fields
        assert checksum


def test_new_cards_come_in_the_collections_order(anki: Anki) -> None:
    anki.read(package(collection([FLASHCARD, CLOZE, SELF_CHECK])))
    dues = [card.due for number in (1, 5, 2) for card in anki.cards(guid(number)).values()]
    assert dues == sorted(dues)
    assert len(set(dues)) == 3


def test_a_card_put_in_between_later_comes_in_between(anki: Anki) -> None:
    anki.read(package(collection([FLASHCARD, SELF_CHECK])))
    anki.read(package(collection([FLASHCARD, SCENARIO, SELF_CHECK])))
    assert anki.cards(guid(1))[0].due < anki.cards(guid(3))[0].due <= anki.cards(guid(2))[0].due


def test_a_reversed_card_asks_both_ways(anki: Anki) -> None:
    card = Flashcard(head(1), body("der Hund"), body("the dog"), reversed=True)
    anki.read(package(collection([card])))
    forward, reverse = anki.cards(guid(1)).values()
    assert "der Hund" in forward.question
    assert "the dog" not in forward.question
    assert "the dog" in reverse.question
    assert "der Hund" not in reverse.question
    assert "der Hund" in reverse.answer
    assert anki.problems() == []


def test_reversing_a_card_later_adds_the_other_and_keeps_the_first(anki: Anki) -> None:
    one = Flashcard(head(1), body("der Hund"), body("the dog"))
    anki.read(package(collection([one])))
    learned = anki.answer(guid(1))
    both = Flashcard(head(1), body("der Hund"), body("the dog"), reversed=True)
    assert anki.read(package(collection([both], modified={1: YESTERDAY + 1}))).updated == 1
    assert anki.cards(guid(1))[0] == learned
    assert set(anki.cards(guid(1))) == {0, 1}


def test_a_typed_card_asks_for_the_plain_answer(anki: Anki) -> None:
    card = Flashcard(head(1), body("less than?"), body(line("a ", Code("<"), " b")), typed=True)
    anki.read(package(collection([card])))
    shown = anki.cards(guid(1))[0]
    assert "[[type:Typed]]" in shown.question
    assert anki.note(guid(1)).fields["Typed"] == "a &lt; b"
    assert anki.problems() == []


@pytest.mark.parametrize(
    ("gap", "kept"),
    [
        (Gap(1, (Text("std::vector"),)), ["std&#58;&#58;vector"]),
        (Gap(1, (Text("f({{x}})"),)), ["f(&#123;&#123;x&#125;&#125;)"]),
        (Gap(1, (Math(r"\frac{a}{{b}}"),)), [r"\(\frac{a}{ {b} }\)"]),
        (Gap(1, (Math("a<b"),)), [r"\(a&lt;b\)"]),
        (Gap(1, (Math(r"\text{std::vector}"),)), [r"\(\text{std:&#58;vector}\)"]),
        (Gap(1, (Text("a:"),), "the hint"), ["a&#58;"]),
        (Gap(1, (Text("}"),)), ["&#125;"]),
        (Gap(1, (Link("https://example.org/a::b", (Text("here"),)),)), ["https", "example.org/a", "here"]),
    ],
)
def test_a_gap_keeps_what_looks_like_clozes_own_notation(anki: Anki, gap: Gap, kept: list[str]) -> None:
    card = Cloze(head(1), body(line("Before {", gap, "} after")), body())
    anki.read(package(collection([card])))
    ((ordinal, shown),) = anki.cards(guid(1)).items()
    assert ordinal == 0
    answer = shown.answer.partition("Before")[2]
    assert [part for part in kept if part not in answer] == []
    assert answer.index(kept[0]) < answer.index("after")
    hidden = shown.question.partition("Before")[2]
    assert 'class="cloze" data-cloze=' in hidden
    assert f"[{gap.hint or '...'}]" in hidden
    assert anki.problems() == []


def test_nested_gaps_make_a_card_each(anki: Anki) -> None:
    nested = Gap(1, (Text("carbon "), Gap(2, (Text("di"), Math("x_2")), "how many?"), Text("oxide")))
    card = Cloze(head(1), body(line("It is ", nested, ".")), body())
    anki.read(package(collection([card])))
    outer, inner = anki.cards(guid(1)).values()
    assert "oxide" not in outer.question.partition("It is")[2].replace("data-cloze", "").split(">[...]<")[1]
    assert "[how many?]" in inner.question
    assert "carbon" in inner.question
    assert r"\(x_2\)" in inner.answer
    assert anki.problems() == []


def test_text_of_a_cloze_note_that_looks_like_a_cloze_stays_text(anki: Anki) -> None:
    card = Cloze(
        head(1),
        body(
            line("{{c7::no}} ", Code("{{c8::no}}"), " ", Math("{{c9::no}}"), Gap(1, (Text("yes"),))),
            CodeBlock("{{c6::no}}", "jinja"),
        ),
        body("{{c5::no}}"),
    )
    anki.read(package(collection([card])))
    assert set(anki.cards(guid(1))) == {0}
    assert anki.problems() == []


# ---- a second build


def test_the_same_package_again_changes_nothing(anki: Anki) -> None:
    built = package(collection(EVERY_KIND))
    anki.read(built)
    before = [anki.note(each) for each in anki.guids()]
    assert anki.read(built) == Log(new=0, updated=0, duplicate=5, conflicting=0)
    assert [anki.note(each) for each in anki.guids()] == before


def test_one_changed_answer_updates_one_note_and_keeps_its_schedule(anki: Anki) -> None:
    anki.read(package(collection(EVERY_KIND)))
    learned = anki.answer(guid(2))
    anki.edit(guid(1), Back="my own words")
    changed = SelfCheck(head(2), body("Why?"), body("Because it is so."))
    cards = [changed if card is SELF_CHECK else card for card in EVERY_KIND]
    log = anki.read(package(collection(cards, modified={2: YESTERDAY + 1})))
    assert log == Log(new=0, updated=1, duplicate=4, conflicting=0)
    now = anki.cards(guid(2))[0]
    assert "Because it is so." in now.answer
    assert (now.id, now.due, now.interval, now.reviews) == (learned.id, learned.due, learned.interval, 1)
    assert anki.note(guid(1)).fields["Back"] == "my own words"
    assert anki.problems() == []


def test_a_card_that_changes_its_kind_stays_the_same_note(anki: Anki) -> None:
    stages: list[Card] = [
        Flashcard(head(1), body("Why?"), body("A")),
        SelfCheck(head(1), body("Why?"), body("B")),
        Scenario(head(1), body("Why?"), body("So?"), "Yes", body("C")),
        Choice(head(1), body("Why?"), (Option(body("D"), correct=True), Option(body("E"), correct=False)), body()),
    ]
    anki.read(package(collection(stages[:1])))
    learned = anki.answer(guid(1))
    for number, card in enumerate(stages[1:], start=1):
        log = anki.read(package(collection([card], modified={1: YESTERDAY + number})))
        assert log == Log(new=0, updated=1, duplicate=0, conflicting=0)
        now = anki.cards(guid(1))[0]
        assert (now.id, now.due, now.reviews) == (learned.id, learned.due, 1)
    assert anki.note(guid(1)).fields["Kind"] == "choice"
    assert anki.problems() == []


def test_packages_of_two_authors_stand_side_by_side(anki: Anki) -> None:
    anki.read(package(collection(EVERY_KIND, namespace="ada")))
    assert anki.read(package(collection(EVERY_KIND, namespace="bob"))) == Log(5, 0, 0, 0)
    assert len(anki.guids()) == 10
    assert anki.problems() == []


# ---- decks, tags, media


def test_decks_are_made_by_name(anki: Anki) -> None:
    names = ["A::B", " A :: C ", "a::c", "Default", "עברית::日本"]
    cards = [SelfCheck(head(number, name), body("q"), body("a")) for number, name in enumerate(names, start=1)]
    anki.read(package(collection(cards)))
    placed = [anki.cards(guid(number))[0].deck for number in range(1, 6)]
    assert placed == ["A::B", "A::C", "A::C", "Default", "עברית::日本"]
    assert set(anki.decks()) == {"A", "A::B", "A::C", "עברית", "עברית::日本"}
    assert anki.problems() == []


def test_a_decks_title_describes_it(anki: Anki) -> None:
    anki.read(package(collection([SELF_CHECK], title="Tests & <trials>")))
    assert anki.decks()["Tests"] == "Tests &amp; &lt;trials&gt;"


def test_tags_arrive_as_one_word_each(anki: Anki) -> None:
    tags = ("zebra", "two words", "b::::c", "marked", "Leech", "\u3000wide\u3000blank ", "Zebra", "", "::")
    anki.read(package(collection([SelfCheck(head(1, tags=tags), body("q"), body("a"))])))
    assert sorted(anki.note(guid(1)).tags) == ["b::c", "two_words", "wide_blank", "zebra"]


def test_images_arrive_and_only_those_that_are_shown(anki: Anki) -> None:
    shown, other = (Media(name, name, "image/png", "", 1, 1) for name in ("a-0123456789ab.png", "b-0123456789ab.png"))
    picture = Image("a.png", 'A "dot" & more', media=shown.name, width=120)
    remote = Image("https://example.org/x.png?a=1&b=2", "far away")
    cards: list[Card] = [
        SelfCheck(head(1), body("See"), body(line(picture), line(remote))),
        Cloze(head(2), body(line("See ", Gap(1, (picture,)))), body()),
    ]
    anki.read(package(collection(cards, media=(shown, other)), {shown.name: PNG, other.name: PNG + b"x"}))
    assert anki.media() == {shown.name: PNG}
    answer = anki.cards(guid(1))[0].answer
    assert f'<img src="{shown.name}" alt="A &quot;dot&quot; &amp; more" width="120">' in answer
    assert '<a href="https://example.org/x.png?a=1&amp;b=2">far away</a>' in answer
    assert f'src="{shown.name}"' in anki.cards(guid(2))[0].answer
    assert anki.problems() == []


# ---- text from strangers

HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "{{Front}} {{c1::x}} {{type:Back}} {{#Front}}",
    "[sound:nothing.mp3] [latex]x[/latex] [$]x[/$] [$$]x[/$$] [anki:play:q:0] [[type:Front]]",
    r"\(not math\) \[nor this\]",
    "a\x1fb\x00c\x07d\x7f e\ud800f",
    "\u0338 onmouseover=alert(1) x",
    "-->]]>&lt;b&gt;",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_only_text(anki: Anki, text: str) -> None:
    math = Math(text)
    cards: list[Card] = [
        Flashcard(
            head(1, deck=f"T {text}", tags=(text,), source=text, section=text),
            body(text, line(Code(text), math, Image("", text, title=text)), CodeBlock(text, "html")),
            body(text, MathBlock(text)),
            hint=body(text),
            reversed=True,
            typed=True,
        ),
        Scenario(head(2, source=f"https://example.org/{text}"), body("s"), body("p"), text, body(text)),
        Cloze(head(3), body(line(text, Gap(1, (Text(text), math, Code(text)), text), text)), body(text)),
    ]
    assert anki.read(package(collection(cards, title=text))).new == 3
    for number, cards_made in ((1, 2), (2, 1), (3, 1)):
        shown = anki.cards(guid(number))
        assert len(shown) == cards_made
        for card in shown.values():
            for side in (card.question, card.answer):
                assert "<script" not in side
                assert "<img" not in side
                assert "[anki:play" not in side
                assert side.count("[[type:") == side.count("[[type:Typed]]")
                assert "\u226f" not in side  # a tag's end composed away
    fields = [text for each in anki.guids() for text in anki.note(each).fields.values()]
    assert not any(mark in field for field in fields for mark in ("[sound:", "[latex]", "[$", "\x1f"))
    assert anki.problems() == []


def test_text_that_looks_like_a_formula_is_not_typeset(anki: Anki) -> None:
    text = r"\(a\) \[b\]"
    cards: list[Card] = [
        Scenario(head(1, source=text, section=text), body(text), body(text), text, body(line(text, Code(text)))),
        Cloze(head(2), body(line(text, Gap(1, (Text(text),)))), body(text)),
    ]
    anki.read(package(collection(cards)))
    for number in (1, 2):
        shown = re.sub(r"<code.*?</code>", "", anki.cards(guid(number))[0].answer)
        assert re.findall(r"\\.", shown)
        assert not re.search(r"\\[(\[]", shown)


@pytest.mark.parametrize("tex", [r"x \) <b>y</b> \( z", "x\\", "{x", r"x \] y", r"\notacommand{x}"])
def test_a_formula_that_cannot_be_set_shows_its_source(anki: Anki, tex: str) -> None:
    anki.read(package(collection([SelfCheck(head(1), body(line("It is ", Math(tex))), body("a"))])))
    question = anki.cards(guid(1))[0].question
    assert "<code" in question
    assert "\\(" not in question.partition("<code")[0]
    assert "<b>" not in question
    assert "<script" not in question
