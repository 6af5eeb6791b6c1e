# ruff: noqa: E501 - a fact is a line of the table, however long
"""A collection of cards as its author sees it: what there is to write, cards, files, and the files' text.

A :class:`Draft` knows who it is by its ``mark``, which is written as the card's source: matching does not look at it,
but it shows in the package and in Anki which card a note is of. A copy of a card has the mark of the first one.
"""

import random
import re
from dataclasses import dataclass, field
from typing import Final, Literal

Kind = Literal["flashcard", "self-check", "scenario", "choice"]
KINDS: Final[tuple[Kind, ...]] = ("flashcard", "self-check", "scenario", "choice")
WRONG: Final = "None of these"

# question | in other words | answer | another answer
_FACTS: Final = """
Why is the reference model frozen during RLHF? | Why does RLHF keep its reference model frozen? | So that the distance to it stays a fixed yardstick. | A moving one would let the policy drift without any cost.
What does the clipped surrogate of PPO limit? | What limit does PPO's clipped surrogate set? | How far one update may move the policy from the last. | The gain from leaving the interval around a ratio of one.
Which optimizer do most transformers train with? | With which optimizer are most transformers trained? | AdamW | AdamW, with decoupled weight decay.
What is the capital of Bolivia? | Name the capital of Bolivia. | Sucre | Sucre; the government sits in La Paz.
Which enzyme unwinds the double helix before replication? | Before replication, which enzyme unwinds the double helix? | Helicase | Helicase, at the cost of ATP.
How does a mutex differ from a semaphore? | In what way do a mutex and a semaphore differ? | A mutex has an owner who alone may release it. | A semaphore counts, and anyone may signal it.
What do mitochondria produce for the cell? | Mitochondria produce what for the cell? | ATP by oxidative phosphorylation across the inner membrane. | Most of its chemical energy, carried by one nucleotide.
Who painted the ceiling of the Sistine Chapel? | Whose work is the painted ceiling of the Sistine Chapel? | Michelangelo, between 1508 and 1512, for Julius II. | Michelangelo Buonarroti did, standing, not lying down.
What causes the phases of the Moon? | What is the cause of the phases of the Moon? | The angle from which we see its sunlit half. | Its motion round us; our own shadow has no part in it.
When is a matrix called orthogonal? | When do we say that a matrix is orthogonal? | When its transpose is its inverse. | When its columns have length one and are perpendicular.
What does the borrow checker of Rust forbid? | What is forbidden by the borrow checker of Rust? | A mutable reference beside any other to the same value. | Aliasing together with mutation, and use after a move.
Which gas did Priestley call dephlogisticated air? | Which gas was called dephlogisticated air by Priestley? | Oxygen | Oxygen, two years after Scheele had seen it.
Where in the kidney is glucose reabsorbed? | In which part of the kidney is glucose reabsorbed? | In the proximal tubule, together with sodium. | Almost wholly in the first segment behind the glomerulus.
What is a monad in Haskell? | In Haskell, what is meant by a monad? | A type constructor with return and bind that obey three laws. | A way to sequence computations that carry a context.
How long does carbon-14 take to lose half its atoms? | How long until carbon-14 has lost half its atoms? | 5730 years | 5730 years, give or take forty.
Which treaty ended the Thirty Years' War? | By which treaty was the Thirty Years' War ended? | The Peace of Westphalia, signed at Münster and Osnabrück. | That of 1648, which is really two, one a town.
What does an eigenvector keep under its matrix? | Under its matrix, what does an eigenvector keep? | Its direction | Its direction, or the opposite one.
Why do leaves turn yellow in autumn? | For what reason do leaves turn yellow in autumn? | Chlorophyll is taken down and carotenoids remain visible. | The green pigment goes first and uncovers the others.
What does "idempotent" mean for an HTTP method? | For an HTTP method, what does "idempotent" mean? | Repeating the request leaves the server in the same state. | Once or ten times, the effect is that of one call.
Which composer wrote the Goldberg Variations? | The Goldberg Variations were written by which composer? | Bach | Bach, for a harpsichord with two manuals.
What is the purpose of a Bloom filter? | For what purpose does one use a Bloom filter? | To rule out membership cheaply, at the price of false positives. | It says surely absent or perhaps present, in few bits.
How do vaccines prepare the immune system? | In what way is the immune system prepared by vaccines? | They show an antigen so that memory cells form. | By a rehearsal: lymphocytes meet a harmless part first.
What did the Rosetta Stone make possible? | What was made possible by the Rosetta Stone? | Reading hieroglyphs, by way of the Greek text beside them. | Champollion's decipherment of Egyptian in 1822.
Which theorem links derivatives and integrals? | Derivatives and integrals are linked by which theorem? | The fundamental theorem of calculus. | The one by Newton and Leibniz, in two halves.
What is the Krebs cycle's first product? | What product does the Krebs cycle make first? | Citrate | Citrate, from oxaloacetate and acetyl groups.
Why does ice float on lakes? | Why is it that ice floats on lakes? | Frozen water is less dense than the liquid below it. | Its open crystal needs a tenth more room.
What does `git bisect` search for? | For what does `git bisect` search? | The first commit that shows a fault, by halving the range. | Where a bug came in, in logarithmically many checkouts.
Which part of the brain stores new episodic memories? | New episodic memories are stored by which part of the brain? | The hippocampus | The hippocampus, before the cortex takes them over.
What makes a hash function cryptographic? | What is it that makes a hash function cryptographic? | Nobody can find collisions or preimages in feasible time. | Resistance to inversion and to two inputs of one digest.
Who formulated the laws of planetary motion? | By whom were the laws of planetary motion formulated? | Johannes Kepler, from the observations of Tycho Brahe. | Kepler, who published the third in 1619.
How does a diode treat alternating current? | How is alternating current treated by a diode? | It lets one direction pass and blocks the other. | Half of every wave is cut off, unless four form a bridge.
What is meant by "opportunity cost"? | What does one mean by "opportunity cost"? | The value of the best alternative given up. | Whatever the next best choice would have brought.
Which vitamin prevents scurvy? | Scurvy is prevented by which vitamin? | Vitamin C | Vitamin C, ten milligrams a day.
What is the role of Spartan ephors? | What role did Spartan ephors have? | Five magistrates a year who watched even over the kings. | Overseers, elected by the assembly, with power to indict.
How is entropy related to missing information? | In which way are entropy and missing information related? | It is the expected number of bits still needed to tell the state. | Shannon's sum and Boltzmann's differ by a constant factor.
Which river formed the Grand Canyon? | The Grand Canyon was formed by which river? | The Colorado | The Colorado, within six million years.
What does a compiler's lexer emit? | What is emitted by a compiler's lexer? | Tokens, each with its kind and its place in the source. | A stream of lexemes for the parser to consume.
Why was the gold standard abandoned in 1931? | For what reason was the gold standard abandoned in 1931? | Britain could no longer defend its reserves against withdrawals. | The outflow after Vienna's bank failed was too fast.
What distinguishes a comet from an asteroid? | What is it that distinguishes a comet from an asteroid? | Its ices evaporate near the Sun and form a tail. | Volatile material; the rocky bodies have next to none.
Which string instrument has movable frets? | Movable frets are found on which string instrument? | The sitar | The sitar, where they are tied with thread.
What does Le Chatelier's principle predict? | What is predicted by Le Chatelier's principle? | An equilibrium shifts so as to oppose the disturbance. | Pressed, heated or diluted, a reaction gives way.
How does photosynthesis split water? | How is water split in photosynthesis? | A manganese cluster takes four electrons, one after another. | Photosystem II pulls them off until oxygen leaves.
What was the Hanseatic League? | How would you describe the Hanseatic League? | An alliance of trading towns around the Baltic. | Merchants' guilds of Lübeck and others, allied for privileges.
Which data structure serves a priority queue best? | Which data structure is best for a priority queue? | A heap | A heap, with the least item on top.
"""

# situation | in other words | question | verdict and reasons | other reasons
_SITUATIONS: Final = """
A chatbot praises every essay it is shown. | Every essay is praised by a chatbot. | Is this reward hacking? | Yes. Flattery scores well with raters and helps no pupil. | Yes. The proxy rises while the goal stays where it was.
A nurse finds two pills of unequal size in one blister. | In one blister a nurse finds two pills of unequal size. | May she hand them out? | No. The batch has to be reported and replaced first. | No. Their dose cannot be told by looking.
A landlord keeps the deposit for worn carpets. | For worn carpets a landlord keeps the deposit. | Is he entitled to it? | No. Ordinary wear is what the rent pays for. | No. He would have to show damage beyond use.
A cyclist brakes with the front wheel on gravel. | On gravel a cyclist brakes with the front wheel. | Will the bicycle stay upright? | No. The tyre slips sideways before it slows. | No. Steering is lost as soon as it locks.
A server answers a replayed token from last week. | A token from last week is replayed and a server answers. | Was anything checked? | No. An expiry or a nonce would have refused it. | No. Whoever recorded traffic can now act as the user.
A baker doubles the yeast and halves the time. | Halving the time, a baker doubles the yeast. | Does the bread taste the same? | No. Aroma comes with slow fermentation by bacteria. | No. Acids need hours to form.
"""

# question | in other words | of what it is asked, with the answer, both short
_FAMILIES: Final = """
What is the capital of {}? | Which city is the seat of government of {}? | Peru: Lima, Chile: Santiago, Ghana: Accra, Kenya: Nairobi, Norway: Oslo, Latvia: Riga
Who wrote {}? | {} is the work of which author? | Emma: Jane Austen, Nana: Émile Zola, Middlemarch: George Eliot, Germinal: Émile Zola, Persuasion: Jane Austen
What does `git {}` do? | For what does one type `git {}`? | stash: It puts changes aside., revert: It undoes a commit by another., rebase: It moves commits., fetch: It downloads commits.
How many electrons has an atom of {}? | An atom of {} has how many electrons? | carbon: Six, boron: Five, neon: Ten, oxygen: Eight
"""

DECKS: Final = ("Course", "Course::Basics", "Course::Advanced", "Reading", "Exam::Autumn")
_TAGS: Final = ("exam", "hard", "basics", "ask::tutor", "later")
NAMES: Final = ("a.md", "b.md", "lesson-1.md", "lesson-2.md", "deep/c.md", "deep/d.md", "zoo.md", "notes/intro.md")
TITLES: Final = ("First part", "Recall", "Before the exam", "Mixed", "Second part")
FILES: Final = 3


@dataclass(slots=True)
class Draft:
    """A card as its author has it.

    ``asked``, ``told``, ``named``: its question, its answer, its id were edited since the last build; ``remade``: both
    question and answer at once, so that it may be another card; ``fresh``: no build has seen it here.
    """

    mark: str
    kind: Kind
    question: str
    answer: str
    other_question: str
    other_answer: str
    prompt: str = ""
    id: str | None = None
    tags: tuple[str, ...] = ()
    deck: str | None = None
    is_wrapped: bool = False
    asked: bool = False
    told: bool = False
    named: bool = False
    remade: bool = False
    fresh: bool = True
    family: int = -1

    @property
    def front(self) -> str:
        """What Anki shows as the question, in words."""
        options = f"{self.answer} {WRONG}" if self.kind == "choice" else ""
        return plain(f"{self.question} {self.prompt} {options}")

    @property
    def back(self) -> str:
        """What Anki shows as the answer, in words: a verdict stands alone, without its full stop."""
        if self.kind == "choice":
            return plain(f"{self.answer} {WRONG}")
        return plain(self.answer.replace(". ", " ", 1) if self.kind == "scenario" else self.answer)


@dataclass(slots=True)
class Page:
    """A file of cards: ``titles`` are those of its sections by kind, ``first`` the number its numbering starts with."""

    name: str
    deck: str
    tags: tuple[str, ...]
    titles: dict[Kind, str]
    first: int = 1
    cards: list[Draft] = field(default_factory=list)

    def section(self, kind: Kind) -> str:
        return self.titles[kind]


@dataclass(slots=True)
class Course:
    """The whole collection, what was removed from it, and what is not written yet."""

    pages: list[Page]
    removed: list[Draft] = field(default_factory=list)
    unwritten: list[Draft] = field(default_factory=list)
    made: int = 0

    @property
    def cards(self) -> list[Draft]:
        return [card for page in self.pages for card in page.cards]

    def page_of(self, card: Draft) -> Page:
        return next(page for page in self.pages if any(each is card for each in page.cards))

    def fresh(self, prefix: str) -> str:
        self.made += 1
        return f"{prefix}{self.made}"

    def built(self) -> None:
        """Forget what was edited since the last build."""
        for card in (*self.cards, *self.removed):
            card.asked = card.told = card.named = card.remade = card.fresh = False


def drawn(seed: int) -> random.Random:
    """The same numbers for the same seed."""
    return random.Random(seed)  # noqa: S311 - chance, not secrecy


def plain(text: str) -> str:
    """A text's words without its marks."""
    return " ".join(re.sub(r"\*\*|`", "", text).split())


# ---- as Markdown


def written(page: Page) -> tuple[str, dict[int, Draft]]:
    """The file's text, and the card that begins at a line."""
    lines = ["---", f"deck: {page.deck}", *([f"tags: [{', '.join(page.tags)}]"] if page.tags else []), "---"]
    places: dict[int, Draft] = {}
    headings = {"flashcard": "Cards", "self-check": "Self-check", "scenario": "Try it yourself", "choice": "Quiz"}
    for kind in KINDS:
        cards = [card for card in page.cards if card.kind == kind]
        if cards:
            lines += ["", f"## {headings[kind]}: {page.titles[kind]}"]
        for number, card in enumerate(cards, page.first):
            lines.append("")
            places[len(lines) + 1] = card
            lines += [_comment(card), *_card(card, number)]
    return "\n".join(lines) + "\n", places


def _comment(card: Draft) -> str:
    parts = [f"source={card.mark}"]
    parts += [f"id={card.id}"] if card.id else []
    parts += [f"tags={','.join(card.tags)}"] if card.tags else []
    parts += [f'deck="{card.deck}"'] if card.deck else []
    return f"<!-- card: {' '.join(parts)} -->"


def _card(card: Draft, number: int) -> list[str]:
    question, answer = (_wrapped(text) if card.is_wrapped else text for text in (card.question, card.answer))
    fold = ["", "<details>", "<summary>Show answer</summary>", "", answer, "", "</details>"]
    match card.kind:
        case "flashcard":
            return f"Q: {question}\nA: {answer}".split("\n")
        case "self-check":
            return "\n".join([f"**{number}.** {question}", *fold]).split("\n")
        case "choice":
            options = ["", f"- [x] {card.answer}", f"- [ ] {WRONG}"]
            return "\n".join([f"**{number}.** {question}", *options]).split("\n")
        case "scenario":
            text = f"**Scenario {number}.** {question}\n\n{card.prompt}"
            return "\n".join([text, *fold]).split("\n")


def _wrapped(text: str) -> str:
    words = text.split()
    return "\n".join(filter(None, (" ".join(words[: len(words) // 2]), " ".join(words[len(words) // 2 :]))))


# ---- a new course


def begun(rng: random.Random, most: int) -> Course:
    """A course of a few files of up to so many cards each."""
    facts = [_fact(line) for line in _FACTS.strip().split("\n")]
    facts += [_situation(line) for line in _SITUATIONS.strip().split("\n")]
    facts += [card for number, line in enumerate(_FAMILIES.strip().split("\n")) for card in _family(number, line)]
    rng.shuffle(facts)
    names = rng.sample(NAMES, FILES)
    pages = [
        Page(name, rng.choice(DECKS), some_tags(rng), {kind: rng.choice(TITLES) for kind in KINDS}) for name in names
    ]
    course = Course(pages, unwritten=facts)
    for page in pages:
        for _ in range(rng.randint(max(2, most - 3), most)):
            page.cards.append(next_card(course, rng))
    return course


def _fact(line: str) -> Draft:
    question, other, answer, other_answer = line.split(" | ")
    return Draft("", "flashcard", question, answer, other, other_answer)


def _family(number: int, line: str) -> list[Draft]:
    """Cards that ask the same of different things."""
    question, other, things = line.split(" | ")
    pairs = [each.strip().split(": ") for each in things.split(", ")]
    return [
        Draft("", "flashcard", question.format(thing), answer, other.format(thing), f"Answer: {answer}", family=number)
        for thing, answer in pairs
    ]


def _situation(line: str) -> Draft:
    situation, other, prompt, reasons, other_reasons = line.split(" | ")
    return Draft("", "scenario", situation, reasons, other, other_reasons, prompt)


def next_card(course: Course, rng: random.Random, card: Draft | None = None) -> Draft:
    """Write a card that was not written yet."""
    card = course.unwritten.pop() if card is None else course.unwritten.pop(course.unwritten.index(card))
    card.mark = course.fresh("n")
    if card.kind != "scenario":
        card.kind = rng.choice(("flashcard", "flashcard", "self-check", "self-check", "choice"))
    if rng.random() < 0.15:
        card.id = course.fresh("id-")
    card.tags = some_tags(rng)
    return card


def some_tags(rng: random.Random) -> tuple[str, ...]:
    """No tag, one or two."""
    return tuple(sorted(rng.sample(_TAGS, rng.choice((0, 0, 1, 2)))))
