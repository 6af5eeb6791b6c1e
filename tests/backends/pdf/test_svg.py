"""Drawings become pixels with our own fonts, and one by an enemy neither hangs the build nor ends it."""

import time
from io import BytesIO

from PIL import Image

from cardforge.backends.pdf.file.svg import Renderer, size

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 100" width="300" height="100">'


def _draw(inner: str, width: int = 600) -> Image.Image | None:
    png = Renderer().png(f"{HEAD}{inner}</svg>".encode(), width)
    return Image.open(BytesIO(png)).convert("L") if png else None


def _ink(picture: Image.Image | None) -> int:
    assert picture is not None
    return sum(count for count, grey in picture.getcolors(256) or [] if int(str(grey)) < 128)


def test_a_drawing_is_as_large_as_it_is_asked_for_and_on_white() -> None:
    picture = _draw('<rect width="150" height="100"/>')
    assert picture is not None
    assert picture.size == (600, 200)
    assert (picture.getpixel((10, 10)), picture.getpixel((590, 10))) == (0, 255)
    assert size(f"{HEAD}</svg>".encode()) == (300, 100)


def test_words_are_set_whatever_font_they_ask_for() -> None:
    text = '<text x="9" y="60" font-size="40" {}>Aé→∑λ</text>'
    asked = [
        "",
        'font-family="Times, serif"',
        "style=\"font-family:'trebuchet ms',verdana\"",
        'font-family="Courier New"',
    ]
    drawn = [_ink(_draw(text.format(font))) for font in asked]
    assert min(drawn) > 2_000
    assert drawn[0] == drawn[1] == drawn[2] != drawn[3]
    plain, bold = (
        _ink(_draw(f'<text y="60" font-size="40"{more}>Words</text>')) for more in ("", ' font-weight="700"')
    )
    assert bold > plain * 1.1


def test_a_drawing_that_ends_its_renderer_ends_nothing_else() -> None:
    assert _draw('<path d="M0 0L1e30 1e30" stroke="red" stroke-width="1e30"/>') is None
    assert _draw("<g") is None


def test_drawings_that_take_too_long_are_given_up_and_after_two_none_is_tried() -> None:
    slow = f"""{HEAD}{'<path d="M0 0H300V100H0z" opacity=".5"/>' * 5_000}</svg>""".encode()
    renderer = Renderer(seconds=0.3)
    start = time.monotonic()
    assert [renderer.png(slow, 3_000) for _ in range(50)] == [None] * 50
    assert time.monotonic() - start < 3
