"""A deck by an enemy runs nothing, and asks nobody for anything; the page's policy would stop it if it did."""

import re
from base64 import b64encode
from hashlib import sha256

from page_cards import PICTURE, hostile, page, sampler
from test_access import use_everything
from visiting import Visitor


def test_hostile_decks_run_nothing(visit: Visitor) -> None:
    for html in (page(hostile()), page(hostile(), source_url='javascript:"><script>window.ran=1</script>')):
        shown = visit(html)
        use_everything(shown)
        shown.fill(".cf-query", "<script>")
        shown.locator("[data-cf=study]").first.click()
        shown.keyboard.press("ArrowRight")
        for link in shown.locator("a[href]").all():
            assert (link.get_attribute("href") or "").lower().startswith(("#", "http://", "https://"))
        assert shown.evaluate("window.ran") is None
        assert shown.locator("script").count() == 1
        shown.reload()
        assert shown.evaluate("window.ran") is None
    # The visit itself asserts that there was no dialog, no error and no request.


def test_hostile_decks_run_nothing_in_a_site_either(visit: Visitor) -> None:
    host = b'<!doctype html><html lang="en"><title>A site</title><main>'  # without any policy
    shown = visit(host + page(hostile(), fragment=True) + b"</main></html>")
    use_everything(shown)
    assert shown.evaluate("window.ran") is None
    assert shown.locator("script").count() == 1


def test_the_policy_names_this_style_and_this_script_and_nothing_else() -> None:
    for html in (page(sampler()).decode(), page(hostile()).decode()):
        policy = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', html)

        def digest(element: str, text: str = html) -> str:
            [inner] = re.findall(rf"<{element}>(.*?)</{element}>", text, re.DOTALL)
            return f"'sha256-{b64encode(sha256(inner.encode()).digest()).decode()}'"

        allowed = f"style-src {digest('style')}; script-src {digest('script')}; img-src data:"
        assert policy == [f"default-src 'none'; {allowed}; base-uri 'none'; form-action 'none'"]
        head = html[: html.index("</head>")]
        assert head.index("Content-Security-Policy") < head.index("<style>") < len(head)
        body = html[html.index("</head>") :]
        body = re.sub(r"<script>.*?</script>", "", body, count=1, flags=re.DOTALL)
        tags = re.findall(r"<[a-z][^>]*>", body)
        assert tags
        assert [tag for tag in tags if re.search(r'\s(style|on\w+)="', re.sub(r'="[^"]*"', '=""', tag))] == []


def test_the_policy_stops_what_would_get_in(visit: Visitor) -> None:
    shown = visit(
        page(sampler()).replace(
            b"</main>",
            b'<script>window.ran=1</script><img src="https://example.org/x.png" onerror="window.ran=1"></main>',
        )
    )
    shown.wait_for_timeout(50)
    assert shown.evaluate("window.ran") is None
    refused = [said for said in visit.noise if "Content Security Policy" in said]
    assert len(refused) == len(visit.noise) >= 2
    visit.noise.clear()
    visit.requests = [url for url in visit.requests if "example.org" not in url]


def test_pictures_in_a_folder_are_shown_and_no_others(visit: Visitor) -> None:
    (visit.folder / "assets").mkdir()
    from page_cards import FILES

    for name, data in FILES.items():
        (visit.folder / "assets" / name).write_bytes(data)
    shown = visit(page(sampler(), assets="assets/"))
    shown.click("[data-cf=open-all]")
    shown.locator("img").scroll_into_view_if_needed()
    loaded = "async (e) => { await e.decode(); return e.naturalWidth; }"
    assert shown.locator("img").evaluate(loaded) == PICTURE.width
