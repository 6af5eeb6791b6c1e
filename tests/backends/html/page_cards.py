"""Collections put together by hand for the page: every kind of card, hostile ones, many of them, another script."""

from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import Any, Final

from PIL import Image as Picture

from cardforge.backends import Context
from cardforge.backends.html import render
from cardforge.diagnostics import Sink, Span
from cardforge.doc import (
    Align,
    Block,
    Cell,
    Code,
    CodeBlock,
    Details,
    Gap,
    Heading,
    Image,
    Inline,
    Link,
    List,
    ListItem,
    Mark,
    Marked,
    Math,
    MathBlock,
    Paragraph,
    Quote,
    Table,
    Text,
)
from cardforge.model import (
    Body,
    Card,
    Choice,
    Cloze,
    Collection,
    Deck,
    Flashcard,
    Head,
    Identity,
    Kind,
    Media,
    Option,
    Scenario,
    Section,
    SelfCheck,
)

SCRIPT: Final = '</script><script>window.ran=1;alert(1)</script><img src=x onerror="window.ran=1">\'"&'
"""Text that would run if anything put it into the page as it is."""


def picture(width: int = 40, height: int = 30) -> bytes:
    """A PNG."""
    data = BytesIO()
    Picture.new("RGB", (width, height), (31, 95, 139)).save(data, "PNG")
    return data.getvalue()


PICTURE: Final = Media("plot-0123456789ab.png", "plot.png", "image/png", "0" * 64, 400, 300)
FILES: Final = {PICTURE.name: picture(400, 300)}


def line(*parts: Inline | str) -> Paragraph:
    """A paragraph of inlines; a string is text."""
    return Paragraph(tuple(Text(part) if isinstance(part, str) else part for part in parts))


def body(*parts: Block | str) -> Body:
    """A body of blocks; a string is a paragraph."""
    return Body("", tuple(line(part) if isinstance(part, str) else part for part in parts))


class Maker:
    """Hands out heads, and the identities that go with them."""

    def __init__(self, file: str = "lessons/deck.md", prefix: str = "") -> None:
        self.file, self.prefix = file, prefix
        self.identities: dict[Span, Identity] = {}

    def head(self, **facts: Any) -> Head:
        """The head of the next card."""
        number = len(self.identities) + 1
        span = Span(self.file, number)
        self.identities[span] = Identity(f"{self.prefix}{number:x}", number, (number,), 0)
        return Head(span, "Tests", **facts)


def collection(
    title: str, maker: Maker, sections: Iterable[Section], *, language: str = "en", media: tuple[Media, ...] = ()
) -> Collection:
    """A collection of one deck of the same title."""
    deck = Deck(maker.file, "Tests", title, language, tuple(sections), media)
    return Collection(title, language, (deck,), maker.identities)


def page(source: Collection, files: Mapping[str, bytes] = FILES, **options: Any) -> bytes:
    """The page of a collection."""
    return render(source, Context(0, lambda media: files[media.name], Sink(), options))


CODE: Final = '''class Stack:
    """Last in, first out."""

    def push(self, item: object) -> None:
        self.items.append(item)  # an amortised constant, whatever the stack holds already, however long this line is
        return None if item is None else print(f"{item!r} of {len(self.items):>4}", 0x1F, True)'''
WIDE_MATH: Final = (
    r"\sum_{i=1}^{n} \frac{a_i + b_i + c_i + d_i}{e_i} = \int_0^1 f(x)\,dx + \int_1^2 g(x)\,dx + h(y) + k(z) + l"
)
TABLE: Final = Table(
    (Align.NONE, Align.CENTER, Align.RIGHT),
    tuple(Cell((Text(text),)) for text in ("Structure", "Order of removal", "Cost of a removal")),
    tuple(
        tuple(Cell((Text(text),)) for text in row)
        for row in (("stack", "last in first", "1"), ("queue", "first in first", "1"), ("heap", "least first", "log n"))
    ),
)


def sampler() -> Collection:
    """One section for each kind, with all constructs of the document tree in some card."""
    make = Maker()
    head = make.head
    checks = (
        SelfCheck(
            head(number="1", tags=("data-structures", "stack"), source="https://example.org/stacks"),
            body("What is a stack, and what does removing from it cost?"),
            body(
                line("It gives back ", Marked(Mark.STRONG, (Text("the last"),)), " thing first: ", Math("O(1)"), "."),
                CodeBlock(CODE, "python"),
                TABLE,
                MathBlock(WIDE_MATH),
                line("The same in a line: ", Math(WIDE_MATH), "."),
                List((ListItem((line("an item"),), checked=True), ListItem((line("another"),), checked=False))),
                Heading(3, (Text("A heading"),)),
                Quote((line("A quotation with ", Code("code"), "."),)),
                Details((Text("More"),), (line("Folded text."),)),
                line(Image("plot.png", "A plot of costs", media=PICTURE.name, width=200)),
                line(Image("https://example.org/far.png", "a far picture")),
                line(Link("https://example.org/", (Text("a link"),)), " ", Marked(Mark.HIGHLIGHT, (Text("marked"),))),
            ),
            body("Think of plates."),
        ),
        SelfCheck(head(number="2"), body("What is a queue?"), body("First in, first out.")),
    )
    scenarios = (
        Scenario(
            head(), body("Requests are answered newest first."), body("Is it a queue?"), "No", body("It is a stack.")
        ),
        Scenario(head(), body("A printer takes jobs in order."), body("Is it a queue?"), "Yes", body("First come.")),
        Scenario(head(), body("You may design the line."), body("How?"), "", body("It depends on who waits.")),
    )
    choices = (
        Choice(
            head(),
            body("Which one gives back the last thing first?"),
            (
                Option(body("a queue"), correct=False),
                Option(body(line("a ", Code("stack"))), correct=True),
                Option(body("a heap"), correct=False),
            ),
            body("Last in, first out."),
        ),
        Choice(
            head(),
            body("Which ones are structures?"),
            (
                Option(body("a heap"), correct=True),
                Option(body("a hope"), correct=False),
                Option(body("a tree"), correct=True),
            ),
            Body("", ()),
            body("Two of them."),
        ),
    )
    clozes = (
        Cloze(
            head(),
            body(
                line(
                    "A ",
                    Gap(1, (Text("stack"),), "structure"),
                    " removes the ",
                    Gap(2, (Text("last"),)),
                    " thing in ",
                    Gap(2, (Math("O(1)"),)),
                    ".",
                )
            ),
            body("It needs no search."),
        ),
    )
    cards = tuple(
        Flashcard(head(tags=("cards",)), body(f"What is {number} squared?"), body(line("It is ", Math(f"{number**2}"))))
        for number in range(2, 7)
    )
    lead = (line("Answer first, then open."),)
    return collection(
        "Practice: Stacks & queues",
        make,
        (
            Section(Kind.SELF_CHECK, "Self-check", lead, checks),
            Section(Kind.SCENARIO, "spot the queue", lead, scenarios),
            Section(Kind.CHOICE, "Multiple choice", (), choices),
            Section(Kind.CLOZE, "Gaps", (), clozes),
            Section(Kind.FLASHCARD, "Flashcards", lead, cards),
        ),
        media=(PICTURE,),
    )


def hostile() -> Collection:
    """Every text of a deck written by an enemy."""
    make = Maker(f"{SCRIPT}.md", prefix='"><script>window.ran=1</script>')

    def head() -> Head:
        return make.head(tags=(SCRIPT,), source=f"https://example.org/{SCRIPT}", section=SCRIPT, number=SCRIPT)

    evil = body(
        SCRIPT,
        line(Link("javascript:window.ran=1", (Text("a link"),)), Image("javascript:window.ran=1", SCRIPT)),
        line(Link("data:text/html,<script>opener.ran=1</script>", (Text("another"),), SCRIPT)),
        line(Link("java\nscript:window.ran=1", (Text("a third"),)), Code(SCRIPT), Math(SCRIPT), Math(r"\text{</svg>}")),
        CodeBlock(SCRIPT, SCRIPT),
        MathBlock(rf"\text{{{SCRIPT}}}"),
        Table((Align.NONE,), (Cell((Text(SCRIPT),)),), ((Cell((Text(SCRIPT),)),),)),
    )
    gaps = body(line(Gap(1, (Text(SCRIPT),), SCRIPT)))
    options = (Option(evil, correct=True), Option(evil, correct=False))
    cards: tuple[Card, ...] = (
        Flashcard(head(), evil, evil, evil),
        SelfCheck(head(), evil, evil, evil),
        Scenario(head(), evil, evil, SCRIPT, evil, evil),
        Scenario(make.head(source="javascript:window.ran=1"), evil, evil, "", evil),
        Choice(head(), evil, options, evil, evil),
        Cloze(head(), gaps, evil, evil),
    )
    return collection(SCRIPT, make, (Section(None, SCRIPT, evil.blocks, cards),), language='en"><script>window.ran=1//')


def many(cards: int) -> Collection:
    """So many cards, a third of them with a formula, code or a list."""
    make = Maker()

    def answer(number: int) -> Body:
        match number % 6:
            case 0:
                return body("A formula:", MathBlock(rf"x_{{{number % 50}}} = \frac{{a}}{{b}} + \sqrt{{{number % 50}}}"))
            case 1:
                return body("Some code:", CodeBlock(f"def f{number}(x):\n    return x + {number}", "python"))
            case 2:
                return body(List(tuple(ListItem((line(f"item {n} of answer {number}"),)) for n in range(4))))
            case _:
                return body(f"The answer to question {number} is a sentence of some length, as answers mostly are.")

    def card(number: int) -> Card:
        question = body(f"What is asked in question {number} of this long collection?")
        if number % 2:
            return Flashcard(make.head(tags=("many",)), question, answer(number))
        return SelfCheck(make.head(tags=("many",)), question, answer(number))

    sections = [
        Section(None, f"Section {first // 50 + 1}", (), tuple(card(n) for n in range(first, min(first + 50, cards))))
        for first in range(0, cards, 50)
    ]
    return collection("A long collection", make, sections)


def right_to_left() -> Collection:
    """A page in Hebrew, with code and formulas in it."""
    make = Maker()
    return collection(
        "תרגול: מחסניות ותורים",
        make,
        (
            Section(
                Kind.SELF_CHECK,
                "בדיקה עצמית",
                (line("ענו תחילה בעל פה."),),
                (
                    SelfCheck(
                        make.head(),
                        body("מהי מחסנית?"),
                        body(line("נכנס אחרון, יוצא ראשון: ", Math("O(1)"), "."), CodeBlock(CODE, "python"), TABLE),
                    ),
                ),
            ),
            Section(
                Kind.SCENARIO,
                "תור או לא?",
                (),
                (Scenario(make.head(), body("מדפסת."), body("האם זה תור?"), "כן", body("כל הקודם זוכה.")),),
            ),
            Section(Kind.FLASHCARD, "כרטיסיות", (), (Flashcard(make.head(), body("מהו תור?"), body("רשימה.")),)),
        ),
        language="he",
    )
