"""What a reader does on the page, by mouse, keyboard and touch; each test is one thing a reader wants."""

import json
from pathlib import Path
from typing import Any, Final

import pytest
from page_cards import many, page, sampler
from playwright.sync_api import Locator, Page, expect
from visiting import Visitor

TOUCH: Final[dict[str, Any]] = {"has_touch": True, "is_mobile": True, "viewport": {"width": 390, "height": 844}}


def answer_of(card: Locator) -> Locator:
    return card.locator(".cf-back")


# ---- flashcards and questions


@pytest.mark.parametrize("way", ["click on the card", "tap", "Enter", "Space"])
def test_a_flashcard_flips(way: str, visit: Visitor) -> None:
    shown = visit(sampler(), **(TOUCH if way == "tap" else {}))
    card = shown.locator(".cf-flashcard").nth(1)
    button = card.get_by_role("button", name="Show answer")
    expect(answer_of(card)).to_be_hidden()
    assert "9" not in card.aria_snapshot().replace("squared", "")
    for open_ in (True, False):
        match way:
            case "tap":
                card.locator(".cf-front").tap()
            case "click on the card":
                card.locator(".cf-front").click()
            case key:
                button.focus()
                shown.keyboard.press(key)
                assert button.evaluate("(each) => each === document.activeElement")
        expect(button).to_have_attribute("aria-expanded", str(open_).lower())
        expect(answer_of(card)).to_be_visible(visible=open_)
    assert shown.locator(".cf-flashcard.cf-open").count() == 0  # no other card moved


def test_selecting_text_or_following_a_link_does_not_flip(visit: Visitor) -> None:
    shown = visit(sampler())
    card = shown.locator(".cf-flashcard").first
    box = card.locator(".cf-front").bounding_box()
    assert box
    shown.mouse.move(box["x"] + 2, box["y"] + 20)
    shown.mouse.down()
    shown.mouse.move(box["x"] + 120, box["y"] + 20)
    shown.mouse.up()
    assert shown.evaluate("String(getSelection())") != ""
    card.locator(".cf-link").click()
    assert card.evaluate("(each) => location.hash === '#' + each.id")
    expect(answer_of(card)).to_be_hidden()


@pytest.mark.parametrize("way", ["click", "tap", "Enter", "Space"])
def test_an_answer_opens(way: str, visit: Visitor) -> None:
    shown = visit(sampler(), **(TOUCH if way == "tap" else {}))
    card = shown.locator(".cf-self-check").nth(1)
    summary = card.locator("summary")
    expect(answer_of(card)).to_be_hidden()
    if way in ("click", "tap"):
        getattr(summary, way)()
    else:
        summary.press(way)
    expect(answer_of(card)).to_be_visible()
    expect(answer_of(card)).to_have_text("First in, first out.")


def test_everything_opens_and_closes_at_once(visit: Visitor) -> None:
    shown = visit(sampler())
    backs = shown.locator(".cf-back")
    shown.click("[data-cf=open-all]")
    assert all(back.is_visible() for back in backs.all())
    shown.click("[data-cf=close-all]")
    assert not any(back.is_visible() for back in backs.all())


# ---- scenarios


def test_a_verdict_comes_first_then_the_reasoning_then_the_score(visit: Visitor) -> None:
    shown = visit(sampler())
    card = shown.locator(".cf-scenario").first
    score = shown.locator(".cf-score").first
    expect(score).to_have_text("Score: 0 of 3 · 3 to go")
    expect(answer_of(card)).to_be_hidden()
    expect(card.locator("summary")).to_be_hidden()
    card.get_by_role("button", name="Compare").click()  # without a verdict
    expect(answer_of(card)).to_be_hidden()
    card.get_by_label("Yes").check()
    card.get_by_role("button", name="Compare").click()
    expect(card.locator(".cf-verdict")).to_have_text("✗ No")
    expect(card.get_by_text("You said: Yes")).to_be_visible()
    card.get_by_role("button", name="Differs").click()
    expect(score).to_have_text("Score: 0 of 3 · 2 to go")
    card.get_by_role("button", name="Agrees").click()  # a second thought
    expect(card.get_by_role("button", name="Agrees")).to_have_attribute("aria-pressed", "true")
    expect(card.get_by_role("button", name="Differs")).to_have_attribute("aria-pressed", "false")
    expect(score).to_have_text("Score: 1 of 3 · 2 to go")
    assert score.get_attribute("role") == "status"


def test_a_verdict_by_keyboard_alone(visit: Visitor) -> None:
    shown = visit(sampler())
    card = shown.locator(".cf-scenario").nth(1)
    card.get_by_label("Yes").focus()
    for key in ("Space", "ArrowRight", "ArrowLeft", "Enter"):  # chosen, changed, changed back, sent
        shown.keyboard.press(key)
    expect(card.locator(".cf-verdict")).to_have_text("✓ Yes")
    expect(card.get_by_text("You said: Yes")).to_be_visible()
    assert shown.evaluate("document.activeElement.className").startswith("cf-back")
    shown.keyboard.press("Tab")
    shown.keyboard.press("Space")
    expect(shown.locator(".cf-score").first).to_have_text("Score: 1 of 3 · 2 to go")


def test_a_verdict_in_ones_own_words(visit: Visitor) -> None:
    shown = visit(sampler(), **TOUCH)
    first, _, open_question = shown.locator(".cf-scenario").all()
    first.get_by_role("textbox").fill("neither <b>")
    expect(first.get_by_role("radio", name="In my own words")).to_be_checked()
    first.get_by_role("button", name="Compare").tap()
    expect(first.get_by_text("You said: neither <b>")).to_be_visible()
    assert open_question.get_by_role("radio").count() == 0
    open_question.get_by_role("button", name="Compare").tap()  # nothing said yet
    expect(answer_of(open_question)).to_be_hidden()
    open_question.get_by_role("textbox").fill("two lines")
    open_question.get_by_role("button", name="Compare").tap()
    expect(answer_of(open_question)).to_have_text("It depends on who waits.")
    first.get_by_role("button", name="Try again").tap()
    expect(first.get_by_role("textbox")).to_have_value("")
    expect(answer_of(first)).to_be_hidden()


# ---- choices and gaps


def test_one_right_option(visit: Visitor) -> None:
    shown = visit(sampler())
    card, score = shown.locator(".cf-choice").first, shown.locator(".cf-score").nth(1)
    assert card.get_by_role("radio").count() == 3
    card.get_by_text("a queue").click()
    card.get_by_role("button", name="Check").click()
    expect(card.locator(".cf-option").nth(0)).to_contain_text("✗ Wrong")
    expect(card.locator(".cf-option").nth(1)).to_contain_text("✓ Right, not chosen")
    expect(card.get_by_role("status")).to_have_text("✗ Wrong")
    expect(answer_of(card)).to_contain_text("Right: B")
    expect(score).to_have_text("Score: 0 of 2 · 1 to go")
    shown.keyboard.press("Enter")  # the focus is on "Try again"
    assert card.locator(".cf-mark").count() == 0
    card.get_by_role("radio", name="a stack").press("Space")
    shown.keyboard.press("Enter")
    expect(card.get_by_role("status")).to_have_text("✓ Right")
    expect(score).to_have_text("Score: 1 of 2 · 1 to go")


def test_several_right_options(visit: Visitor) -> None:
    shown = visit(sampler(), **TOUCH)
    card = shown.locator(".cf-choice").nth(1)
    assert card.get_by_role("checkbox").count() == 3
    card.get_by_role("button", name="Check").tap()  # nothing chosen: nothing is given away
    expect(answer_of(card)).to_be_hidden()
    card.get_by_text("a heap").tap()
    card.get_by_text("a tree").tap()
    card.get_by_role("button", name="Check").tap()
    expect(card.get_by_role("status")).to_have_text("✓ Right")
    expect(answer_of(card)).to_contain_text("Right: A, C")


def test_gaps_open_one_by_one_and_all_at_once(visit: Visitor) -> None:
    shown = visit(sampler())
    card = shown.locator(".cf-cloze")
    assert "stack" not in card.aria_snapshot()
    expect(card.locator(".cf-back")).to_be_hidden()
    card.get_by_role("button", name="Show gap 1: structure").press("Enter")
    expect(card.get_by_text("stack")).to_be_visible()
    assert shown.evaluate("document.activeElement.textContent") == "stack"  # the focus did not get lost
    expect(card.get_by_text("last")).to_be_hidden()
    card.get_by_role("button", name="Show gap 2").first.click()  # two gaps of one number open together
    assert card.locator(".cf-filled:visible").count() == 3
    expect(card.locator(".cf-back")).to_be_visible()
    shown.reload()
    shown.get_by_role("button", name="Show all gaps").click()
    assert shown.locator(".cf-filled:visible").count() == 3


# ---- finding


def test_the_search_filters_while_one_types(visit: Visitor) -> None:
    shown = visit(sampler())
    shown.locator("body").press("/")
    assert shown.evaluate("document.activeElement.className") == "cf-query"
    shown.keyboard.type("QUEUE")
    expect(shown.locator(".cf-found")).to_have_text("5 of 13 cards")
    assert shown.locator(".cf-card:visible").count() == 5
    expect(shown.locator(".cf-section", has_text="Flashcards")).to_be_hidden()
    shown.keyboard.type(" printer")  # words in any order, all of them
    expect(shown.locator(".cf-found")).to_have_text("1 of 13 cards")
    shown.fill(".cf-query", "no such thing")
    expect(shown.locator(".cf-found")).to_have_text("0 of 13 cards")
    shown.fill(".cf-query", "")
    expect(shown.locator(".cf-found")).to_be_hidden()
    assert shown.locator(".cf-card:visible").count() == 13
    shown.fill(".cf-query", "/")  # typed into a field, the key is a letter
    assert shown.input_value(".cf-query") == "/"


def test_the_slash_can_be_switched_off(visit: Visitor) -> None:
    shown = visit(sampler())
    shown.get_by_label("The / key goes to the search").uncheck()
    shown.reload()
    shown.locator("body").press("/")
    assert shown.evaluate("document.activeElement.className") != "cf-query"
    assert not shown.get_by_label("The / key goes to the search").is_checked()


def test_a_link_to_a_card_leads_there(visit: Visitor) -> None:
    shown = visit(page(many(300)), at="#card-fa")
    expect(shown.locator("#card-fa")).to_be_in_viewport()
    assert shown.evaluate("document.activeElement.id") == "card-fa"
    shown.fill(".cf-query", "question 7 of")
    expect(shown.locator("#card-10")).to_be_hidden()
    shown.evaluate("location.hash = '#card-10'")  # filtered out: it comes back
    expect(shown.locator("#card-10")).to_be_in_viewport()
    shown.evaluate("location.hash = '#card-%E0%A4%A'")  # no address at all; the visit must stay quiet


def test_the_contents_lead_to_the_sections(visit: Visitor) -> None:
    shown = visit(sampler())
    shown.locator(".cf-contents").get_by_role("link", name="Gaps").click()
    expect(shown.locator("#section-gaps")).to_be_in_viewport()
    narrow = visit(sampler(), viewport={"width": 390, "height": 844})
    expect(narrow.locator(".cf-contents a").first).to_be_hidden()
    narrow.locator(".cf-contents summary").click()
    expect(narrow.locator(".cf-contents a").first).to_be_visible()


# ---- study


def asked(shown: Page) -> str:
    return shown.locator(".cf-study-card .cf-front").inner_text()


def test_study_asks_one_card_at_a_time(visit: Visitor) -> None:
    shown = visit(sampler())
    shown.get_by_role("button", name="Study: Flashcards").click()
    dialog, left = shown.get_by_role("dialog"), shown.locator(".cf-left")
    expect(left).to_have_text("5 left · 0 known")
    first = asked(shown)
    assert first == "What is 2 squared?"
    assert "It is" not in dialog.aria_snapshot()
    shown.keyboard.press("Space")  # "Show answer" has the focus
    expect(dialog.locator(".cf-back")).to_have_text("It is")
    shown.keyboard.press("Space")  # "Good" has it now
    expect(left).to_have_text("4 left · 1 known")
    assert asked(shown) == "What is 3 squared?"
    shown.keyboard.press("ArrowRight")
    shown.keyboard.press("ArrowLeft")  # again: it comes back after some others
    expect(left).to_have_text("4 left · 1 known")
    order = []
    for _ in range(4):
        order.append(asked(shown))
        shown.keyboard.press("ArrowRight")
        shown.keyboard.press("ArrowRight")
    assert order == [f"What is {n} squared?" for n in (4, 5, 6, 3)]
    expect(dialog).to_contain_text("Nothing is left")
    shown.get_by_role("button", name="Start again").click()
    expect(left).to_have_text("5 left · 0 known")
    shown.keyboard.press("Escape")
    assert shown.evaluate("document.activeElement.getAttribute('aria-label')") == "Study: Flashcards"


def test_study_by_touch_with_questions_and_gaps(visit: Visitor) -> None:
    shown = visit(sampler(), **TOUCH)
    shown.locator("[data-cf=study]").first.tap()
    expect(shown.locator(".cf-left")).to_have_text("8 left · 0 known")
    for expected in ("It gives back", "First in", "stack"):
        shown.get_by_role("button", name="Show answer", exact=True).last.tap()
        expect(shown.locator(".cf-study-card")).to_contain_text(expected)
        assert shown.locator(".cf-study-card .cf-blank:visible").count() == 0
        shown.get_by_role("button", name="Good").tap()
    shown.get_by_role("button", name="Close", exact=True).tap()
    expect(shown.locator(".cf-known")).to_have_text("3 known")
    assert shown.locator(".cf-cloze.cf-open").count() == 0  # what study shows stays closed in the page


def test_shuffling_keeps_the_cards(visit: Visitor) -> None:
    shown = visit(page(many(40)))
    shown.locator("[data-cf=study]").first.click()
    shown.evaluate("Math.random = (() => { let s = 7; return () => (s = (s * 16807) % 2147483647) / 2147483647; })()")
    shown.get_by_role("button", name="Shuffle").click()
    order = []
    while shown.locator(".cf-study-card .cf-front").count():
        order.append(asked(shown))
        shown.keyboard.press("ArrowRight")
        shown.keyboard.press("ArrowRight")
    straight = [f"What is asked in question {n} of this long collection?" for n in range(40)]
    assert order != straight
    assert sorted(order) == sorted(straight)


def test_progress_survives_a_reload_and_can_be_forgotten_and_brought_back(visit: Visitor) -> None:
    shown = visit(sampler())
    shown.locator(".cf-scenario").first.get_by_label("No", exact=True).check()
    shown.locator(".cf-scenario").first.get_by_role("button", name="Compare").click()
    shown.locator(".cf-scenario").first.get_by_role("button", name="Agrees").click()
    shown.locator(".cf-choice").first.get_by_role("radio", name="a stack").check()
    shown.locator(".cf-choice").first.get_by_role("button", name="Check").click()
    shown.get_by_role("button", name="Study: Flashcards").click()
    shown.keyboard.press("ArrowRight")
    shown.keyboard.press("ArrowRight")
    shown.reload()
    expect(shown.locator(".cf-known")).to_have_text("1 known")
    for _ in range(2):
        expect(shown.locator(".cf-score").nth(0)).to_have_text("Score: 1 of 3 · 2 to go")
        expect(shown.locator(".cf-score").nth(1)).to_have_text("Score: 1 of 2 · 1 to go")
        expect(shown.locator(".cf-scenario .cf-verdict").first).to_be_visible()
        shown.get_by_role("button", name="Forget progress").click()
        expect(shown.locator(".cf-known")).to_be_empty()
        expect(shown.locator(".cf-score").nth(0)).to_have_text("Score: 0 of 3 · 3 to go")
        expect(shown.locator(".cf-scenario .cf-verdict").first).to_be_hidden()
        shown.get_by_role("button", name="Undo").click()
    shown.get_by_role("button", name="Study: Flashcards").click()
    expect(shown.locator(".cf-left")).to_have_text("4 left · 1 known")
    assert asked(shown) == "What is 3 squared?"


def test_progress_can_be_saved_as_a_file(visit: Visitor, tmp_path: Path) -> None:
    shown = visit(sampler())
    shown.get_by_role("button", name="Study: Flashcards").click()
    for key in ("ArrowRight", "ArrowRight", "ArrowRight", "ArrowLeft", "Escape"):
        shown.keyboard.press(key)
    with shown.expect_download() as caught:
        shown.get_by_role("button", name="Save progress").click()
    caught.value.save_as(tmp_path / "progress.json")
    saved = json.loads((tmp_path / "progress.json").read_text("utf-8"))
    assert saved["format"] == "cardforge-progress"
    assert saved["title"] == "Practice: Stacks & queues"
    guids = [
        each.split("card-")[1] for each in shown.locator(".cf-flashcard").evaluate_all("(a) => a.map((e) => e.id)")
    ]
    assert saved["cards"] == {guids[0]: {"known": True}, guids[1]: {"again": 1}}


def test_without_storage_the_page_works_until_it_is_closed(visit: Visitor) -> None:
    shown = visit(b"<title>first</title>")
    shown.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no', 'SecurityError'); }})"
    )
    path = visit.folder / "page.html"
    path.write_bytes(page(sampler()))
    shown.goto(path.as_uri())
    shown.get_by_role("button", name="Study: Flashcards").click()
    for key in ("ArrowRight", "ArrowRight", "Escape"):
        shown.keyboard.press(key)
    expect(shown.locator(".cf-known")).to_have_text("1 known")


def test_broken_progress_is_no_progress(visit: Visitor) -> None:
    shown = visit(sampler())
    for value in ("{", "null", "7", '"text"', '{"picked": 3, "committed": "no", "known": []}', '{"picked": [{}]}'):
        shown.evaluate(
            "(v) => document.querySelectorAll('.cf-card').forEach("
            "(c) => localStorage.setItem('cardforge:' + c.id.slice(5), v))",
            value,
        )
        shown.reload()
        expect(shown.locator(".cf-title")).to_be_visible()
        shown.locator("[data-cf=study]").first.click()


# ---- colours


def test_the_colours_follow_the_system_and_can_be_changed(visit: Visitor) -> None:
    shown = visit(sampler(), color_scheme="dark")
    ground = "getComputedStyle(document.body).backgroundColor"
    dark, button = shown.evaluate(ground), shown.get_by_role("button", name="Dark colours")
    expect(button).to_have_attribute("aria-pressed", "true")
    button.click()
    light = shown.evaluate(ground)
    assert light != dark
    shown.reload()
    assert shown.evaluate(ground) == light
    expect(button).to_have_attribute("aria-pressed", "false")
    shown.emulate_media(color_scheme="light")
    button.click()
    assert shown.evaluate(ground) == dark
    assert visit(sampler(), color_scheme="light").evaluate(ground) == light
