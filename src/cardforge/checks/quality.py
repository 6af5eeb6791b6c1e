"""Rules of quality: what makes a card hard to learn. All of it is advice, after the literature on writing prompts."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from cardforge.checks.duplicates import Said, near_duplicates, said_by
from cardforge.checks.phrases import ELSEWHERE, OR, POINTING, SECOND_QUESTION, YES_OR_NO, language_of
from cardforge.checks.words import Sayings, count_more_words, count_words, few_words_of, prose, said, words_in
from cardforge.diagnostics import Code, Diagnostic, Sink, Span
from cardforge.doc import Block, Gap, Image, List, Math, Node, Paragraph, Text, children_of, walk
from cardforge.doc import Code as CodeSpan
from cardforge.model import Body, Card, Choice, Cloze, Deck, Flashcard, Scenario, SelfCheck, bodies_of
from cardforge.passage import once
from cardforge.profile import Profile
from cardforge.values import dataclass

_SHORTEST_GIFT = 4
_MOST_GIVEN = 3  # words: a longer answer is neither read off its question nor a bare yes or no
_LONGEST_LEAD = 12


@dataclass(frozen=True, slots=True)
class Advice:
    """What a rule has to say about a card."""

    code: Code
    message: str
    hint: str
    span: Span | None = None


class Reading:
    """A card as the rules read it. What several of them ask for is found once."""

    def __init__(self, card: Card, language: str, profile: Profile, sayings: Sayings) -> None:
        self.card, self.language, self.profile = card, language, profile
        self.said, self.text = sayings.of, sayings.text
        self.asked = _asked(card)

    @once
    def question(self) -> str:
        """The question as a sentence, "" where there is none."""
        return prose(self.asked.blocks) if self.asked is not None else ""

    @once
    def unquoted(self) -> str:
        """The same without what stands in quotes or parentheses."""
        return _QUOTED.sub("", self.question)

    @once
    def short_answer(self) -> tuple[str, ...] | None:
        """The words of the answer, where these are few."""
        card = self.card
        return few_words_of(self.text(card.answer), _MOST_GIVEN) if isinstance(card, Flashcard | SelfCheck) else None


Rule = Callable[[Reading], Iterator[Advice]]


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the rules advise on the cards of a file, and what these say, to be compared with those of other files."""

    advice: tuple[Diagnostic, ...]
    said: tuple[Said, ...]


def opinion_of(deck: Deck, profile: Profile) -> Opinion:
    """Apply every rule of quality to every card of a file."""
    sink, sayings = Sink(), Sayings()
    language = language_of(deck.language)
    for card in deck.cards:
        read = Reading(card, language, profile, sayings)
        for rule in RULES:
            for each in rule(read):
                sink.add(each.code, each.span or card.head.span, each.message, each.hint)
    for each in _without_alt([block for section in deck.sections for block in section.lead_in]):
        sink.add(each.code, each.span or Span(deck.file), each.message, each.hint)
    return Opinion(tuple(sink), tuple(said_by(card, sayings) for card in deck.cards))


def judge(opinions: Sequence[Opinion], sink: Sink) -> None:
    """Say what is advised, and compare the cards of all files with each other."""
    for opinion in opinions:
        sink.extend(opinion.advice)
    near_duplicates((said for opinion in opinions for said in opinion.said), sink)


def _asked(card: Card) -> Body | None:
    """The question itself: of a scenario its prompt; a cloze has none."""
    match card:
        case Flashcard() | SelfCheck() | Choice():
            return card.question
        case Scenario():
            return card.prompt
        case Cloze():
            return None


def long_question(read: Reading) -> Iterator[Advice]:
    """A long question is read, not recalled; often it holds background that belongs to the answer."""
    if words := count_more_words(read.question, read.profile.question_words):
        message = f"This question has {words} words; up to {read.profile.question_words} are easy to take in."
        yield Advice(Code.LONG_QUESTION, message, "Ask for one thing, and leave background to the answer.")


def long_answer(read: Reading) -> Iterator[Advice]:
    """A long answer cannot be judged right or wrong at a glance. Self-check questions are meant to have one."""
    card, most = read.card, read.profile.answer_words
    if isinstance(card, Flashcard) and (words := count_more_words(prose(card.answer.blocks), most)):
        message = f"The answer of this flashcard has {words} words; up to {most} can be recalled."
        yield Advice(Code.LONG_ANSWER, message, "Divide it over several cards, or make it a self-check question.")


def list_answer(read: Reading) -> Iterator[Advice]:
    """A set of many things is the hardest thing to recall."""
    card = read.card
    if not isinstance(card, Flashcard) or not card.answer.blocks:
        return
    *before, last = card.answer.blocks
    lead_in = len(before) <= 1 and all(isinstance(block, Paragraph) for block in before)
    if not isinstance(last, List) or not lead_in or count_words(before) > _LONGEST_LEAD:
        return
    if len(last.items) >= read.profile.list_items:
        message = f"The answer of this flashcard is a list of {len(last.items)}."
        hint = "Ask for each in a card of its own, with a cue, or make it a cloze with a gap an item."
        yield Advice(Code.LIST_ANSWER, message, hint)


def bare_verdict(read: Reading) -> Iterator[Advice]:
    """Yes or no can be guessed; the reasoning is what is worth knowing."""
    match read.card:
        case Flashcard() | SelfCheck():
            words = read.short_answer
            bare = words is not None and " ".join(words) in YES_OR_NO.get(read.language, ())
        case Scenario(verdict=verdict, reasoning=reasoning):
            bare = bool(verdict) and not reasoning
        case Choice() | Cloze():
            bare = False
    if bare:
        yield Advice(Code.BARE_VERDICT, "The answer is a bare yes or no.", "Say why, or ask for the reason.")


_QUOTED = re.compile(r"“[^“”]*”|\"[^\"]*\"|«[^«»]*»|„[^„“]*“|『[^『』]*』|「[^「」]*」|\([^()]*\)|（[^（）]*）")
_QUESTION = re.compile(r"[^.!?？؟。！]*[?？؟]")


def two_questions(read: Reading) -> Iterator[Advice]:
    """Whoever knows one half and not the other cannot say how it went."""
    text = read.unquoted
    several = False
    if sum(map(text.count, "?？؟")) > 1:
        questions = [found[0].strip() for found in _QUESTION.finditer(text)]
        # "Or …?" offers another answer to the same question, and a word alone asks for no more than the first did.
        several = sum(words_in(each) > 1 and each.split()[0].casefold() not in OR for each in questions) > 1
    tied = SECOND_QUESTION.get(read.language)
    if several or (tied and tied.search(text)):
        yield Advice(Code.TWO_QUESTIONS, "This asks two questions in one.", "Make a card of each.")


def needs_context(read: Reading) -> Iterator[Advice]:
    """Months later, in Anki, nobody knows which lesson "this lesson" was."""
    if read.asked is None or read.language not in ELSEWHERE:
        return
    text = read.unquoted
    found = ELSEWHERE[read.language].search(text)
    if found is None and not isinstance(read.card, Scenario | Choice):
        found = POINTING[read.language].search(text)
        found = None if found and _shows(read.asked.blocks) else found
        sentence = text[: found.start()].rstrip() if found else ""
        found = None if re.search(r"[.!?:;](?:\s|$)", sentence) else found
    if found is not None:
        message = f"“{found[0].strip()}” points at something this card does not show."
        yield Advice(Code.NEEDS_CONTEXT, message, "Name the thing itself: the card will be read far from its lesson.")


def _shows(blocks: Sequence[Block]) -> bool:
    """Whether a question shows something that it may point at."""
    paragraphs = all(isinstance(block, Paragraph) for block in blocks)
    return not paragraphs or any(isinstance(node, Image | CodeSpan | Math) for node in walk(blocks))


def given_away(read: Reading) -> Iterator[Advice]:
    """An answer that stands in its question is read off, not recalled."""
    gift = ""
    match read.card:
        case Flashcard(question=asked) | SelfCheck(question=asked):
            answer = read.short_answer
            if answer is not None and "," not in read.question and not OR.intersection(read.said(asked)):
                gift = _gift(answer, read.said(asked))
        case Cloze():
            gift = next(filter(None, _gap_gifts(read.card)), "")
        case Choice() | Scenario():
            pass
    if gift:
        message = f"The question gives its answer away: “{gift}”."
        yield Advice(Code.GIVEN_AWAY, message, "Take these words out of the question.")


def _gift(answer: tuple[str, ...], question: tuple[str, ...]) -> str:
    gift = " ".join(answer)
    return gift if len(gift) >= _SHORTEST_GIFT and f" {gift} " in f" {' '.join(question)} " else ""


def _gap_gifts(card: Cloze) -> Iterator[str]:
    """What each gap hides and the rest of its text shows all the same."""
    gaps = [node for node in walk(card.text.blocks) if isinstance(node, Gap)]
    for ordinal in sorted({gap.ordinal for gap in gaps}):
        shown = said(_around(card.text.blocks, ordinal))
        yield from (_gift(said(gap.children), shown) for gap in gaps if gap.ordinal == ordinal)


def _around(nodes: Iterable[Node], ordinal: int) -> Iterator[Node]:
    """The leaves of a cloze's text that show while the gaps of one ordinal are hidden."""
    for node in nodes:
        if isinstance(node, Gap) and node.ordinal == ordinal:
            yield Text(" … ")
            continue
        inside = list(children_of(node))
        yield from _around(inside, ordinal) if inside else [node]
        if isinstance(node, Block):
            yield Text(" ")


def missing_alt(read: Reading) -> Iterator[Advice]:
    """A picture without words says nothing to a screen reader, in a search or where it cannot be shown."""
    for body in bodies_of(read.card):
        # A picture's source has brackets or a tag, or those of a label whose definition stands elsewhere.
        if "[" in body.source or "<" in body.source:
            yield from _without_alt(body.blocks)


def _without_alt(blocks: Sequence[Block]) -> Iterator[Advice]:
    for node in walk(blocks):
        if isinstance(node, Image) and not node.alt.strip():
            message = f"The picture {node.src.rpartition('/')[2] or node.src} has no description."
            hint = "Say in its brackets what it shows: ![A falling curve](…)."
            yield Advice(Code.MISSING_ALT, message, hint, node.span)


RULES: tuple[Rule, ...] = (
    long_question,
    long_answer,
    list_answer,
    bare_verdict,
    two_questions,
    needs_context,
    given_away,
    missing_alt,
)
