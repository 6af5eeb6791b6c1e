"""``python -m bench.pictures``: print a small deck with every option of print, and put the pages into ``docs/img``.

The fonts of ``--font`` are those that ReportLab brings, the profile of ``--icc`` is Ghostscript's (Debian:
``libgs-common``).
"""

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pypdfium2 as pdfium
import reportlab
from PIL import Image, ImageDraw, ImageFont, ImageOps

ROOT: Final = Path(__file__).parents[2]
IMAGES: Final = ROOT / "docs" / "img"
GREY: Final = "#d9d9d9"
GAP: Final = 18  # pixels
CAPTION: Final = 26
WIDTH: Final = 1500  # pixels: the widest a picture gets
DECK: Final = """\
---
deck: Policy gradients
---
# Policy gradients

Q: What does PPO's clipping keep small?
A: The step: the ratio $\\rho_t(\\theta)$ of the new policy to the old one stays within $1 \\pm \\epsilon$.

Q: Write the clipped objective.
A: $$L(\\theta) = \\mathbb{E}_t\\left[\\min\\left(\\rho_t \\hat A_t,\\
   \\operatorname{clip}(\\rho_t, 1-\\epsilon, 1+\\epsilon)\\,\\hat A_t\\right)\\right]$$

Which of these needs a value network?

- [x] PPO
- [ ] DPO
- [ ] GRPO

Q: How is the advantage of a group computed?
A: In three steps:

1. sample a group of answers,
2. reward each of them,
3. subtract the mean and divide by the deviation.

Q: Return the ratio of two log probabilities.
A:
```python
def ratio(new: Tensor, old: Tensor) -> Tensor:
    return (new - old).exp()
```

The penalty that keeps a policy near its reference is the {{c1::KL divergence}}.

Q: What is entropy for?
A: It keeps the policy from settling too early.

Q: Name the reference of *DPO*.
A: The model before training. See [the paper](https://arxiv.org/abs/2305.18290).
"""
SCRIPTS: Final = """\
Q: What is reinforcement learning in ten scripts?
A: Αγορά · обучение с подкреплением · 强化学习 · 強化学習 · 강화 학습 ·
   التعلم المعزز · למידת חיזוק · การเรียนรู้ · प्रबलन अधिगम · 🤖 → ∑ √2

Q: What does a long German word do at the end of a line?
A: Verstärkungslernen mit menschlicher Rückmeldung: Belohnungsmodellierung, Wahrscheinlichkeitsverhältnisse und
   Entropieregularisierung gehören zusammen.
"""
COLOURS: Final = "Q: Which colours does a press not reach?\nA: ![All hues](colours.png)\n"
FONT: Final = Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"
PROFILE: Final = "/usr/share/color/icc/ghostscript/default_cmyk.icc"


@dataclass(frozen=True, slots=True)
class Shot:
    """A part of a picture: what it is called, the options it was made with, its pages from 0 on."""

    name: str
    options: tuple[str, ...] = ()
    pages: tuple[int, ...] = (0,)
    deck: str = DECK
    printed: str = ""
    """The deck as it was when it was printed; "printed.apkg" among the options is what it was then."""


PICTURES: Final[dict[str, tuple[float, Sequence[Shot]]]] = {
    "print-layouts": (
        42,
        [
            Shot("--layout page", pages=(0, 1)),
            Shot("--layout duplex --size 3x5", ("--layout", "duplex", "--size", "3x5"), (0, 1)),
            Shot("--layout sheet (front, back)", ("--layout", "sheet"), (0, 1)),
            Shot("--layout fold", ("--layout", "fold")),
            Shot("--layout handout", ("--layout", "handout"), (0, 1)),
        ],
    ),
    "print-sizes": (
        42,
        [
            *(Shot(f"--size {size}", ("--size", size)) for size in ("A5", "A6", "A7", "3x5", "4x6", "100x70mm")),
            *(
                Shot(f"--size {size}, duplex", ("--size", size, "--layout", "duplex"))
                for size in ("poker", "bridge", "tarot")
            ),
            Shot("--orientation portrait", ("--orientation", "portrait")),
        ],
    ),
    "print-sheets": (
        42,
        [
            Shot("--flip long", ("--layout", "sheet", "--flip", "long"), (0, 1)),
            Shot("--flip short", ("--layout", "sheet", "--flip", "short"), (1,)),
            Shot("--gutter 5mm --size poker", ("--layout", "sheet", "--gutter", "5mm", "--size", "poker")),
            Shot("--no-marks", ("--layout", "sheet", "--no-marks")),
            Shot("--sheet avery-5371", ("--layout", "sheet", "--sheet", "avery-5371")),
            Shot("--back-offset 3,-2", ("--layout", "sheet", "--back-offset", "3,-2"), (1,)),
        ],
    ),
    "print-sides": (
        42,
        [
            Shot(f"--sides {sides}", ("--layout", "duplex", "--size", "poker", "--sides", sides), (0, 1, 2))
            for sides in ("both", "front", "back", "fronts-then-backs", "back-first")
        ],
    ),
    "print-press": (
        72,
        [
            Shot("--profile press", ("--profile", "press", "--layout", "duplex", "--size", "poker"), (0, 1)),
            Shot("--bleed 5mm", ("--profile", "press", "--layout", "duplex", "--size", "poker", "--bleed", "5mm")),
            Shot("--profile press --no-marks", ("--profile", "press", "--layout", "page", "--no-marks")),
        ],
    ),
    "print-icc": (
        60,
        [
            Shot("--profile screen", deck=COLOURS),
            Shot("--profile press --icc FILE", ("--profile", "press", "--no-marks", "--icc", PROFILE), deck=COLOURS),
        ],
    ),
    "print-fonts": (
        60,
        [
            Shot("as it is", pages=(4,)),
            Shot("--font Vera.ttf", ("--font", str(FONT)), (4,)),
            Shot("--font mono=Vera.ttf", ("--font", f"mono={FONT}"), (4,)),
        ],
    ),
    "print-changed": (
        42,
        [
            Shot("printed", pages=(5, 6, 7)),
            Shot(
                "two cards edited, --changed-since",
                ("--changed-since", "printed.apkg"),
                (0, 1, 2),
                DECK.replace("too early", "for one answer too early").replace(
                    "before training", "before this training"
                ),
                DECK,
            ),
        ],
    ),
    "print-looks": (
        60,
        [
            Shot("as it is", pages=(2,)),
            Shot("--accent '#9a3412'", ("--accent", "#9a3412"), (2,)),
            Shot("--corner-mark none", ("--corner-mark", "none"), (2,)),
            Shot("--large-print", ("--large-print",), (2,)),
        ],
    ),
    "print-scripts": (
        80,
        [
            Shot("the extras world and cjk", deck=SCRIPTS),
            Shot("--hyphenate", ("--hyphenate", "--size", "A7"), (1,), f"---\nlang: de\n---\n{SCRIPTS}"),
        ],
    ),
    "print-calibration": (50, [Shot("--calibrate", ("--calibrate",), (0, 1))]),
}


def main() -> None:
    """Make all pictures, or those that are named."""
    for name in sys.argv[1:] or PICTURES:
        dpi, shots = PICTURES[name]
        picture = _arranged([_titled(shot.name, _pages(shot, dpi)) for shot in shots])
        picture.quantize(256, dither=Image.Dither.NONE).save(IMAGES / f"{name}.png", optimize=True)
        print(f"docs/img/{name}.png", *picture.size)  # noqa: T201 - what was made


def _pages(shot: Shot, dpi: float) -> list[Image.Image]:
    with tempfile.TemporaryDirectory() as folder:
        deck = Path(folder, "deck.md")
        _hues().save(Path(folder, "colours.png"))
        if shot.printed:
            deck.write_text(shot.printed, "utf-8")
            command = [sys.executable, "-m", "cardforge", "build", "anki", "deck.md", "-q", "-o", "printed.apkg"]
            subprocess.run(command, cwd=folder, check=True)  # noqa: S603 - this program
        deck.write_text(shot.deck, "utf-8")
        named = () if "--calibrate" in shot.options else ("deck.md",)
        command = [sys.executable, "-m", "cardforge", "build", "pdf", *named, "-q", "-o", "-", *shot.options]
        made = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, check=True).stdout  # noqa: S603 - this program
    pdf = pdfium.PdfDocument(made)
    return [
        ImageOps.expand(pdf[at].render(scale=dpi / 72).to_pil().convert("RGB"), 1, "#a0a0a0")
        for at in shot.pages
        if at < len(pdf)
    ]


def _hues() -> Image.Image:
    """Every hue, paler towards the middle."""
    turn = Image.radial_gradient("L").resize((240, 240)).point(lambda value: min(255, 2 * value))
    ramp = Image.linear_gradient("L").rotate(90).resize((240, 240))
    return Image.merge("HSV", (ramp, turn, Image.new("L", (240, 240), 255))).convert("RGB")


def _titled(title: str, pages: Sequence[Image.Image]) -> Image.Image:
    """Pages beside each other under what they show."""
    font = ImageFont.load_default(15)
    wide = max(sum(page.width for page in pages) + GAP // 2 * (len(pages) - 1), int(font.getlength(title)))
    made = Image.new("RGB", (wide, CAPTION + max(page.height for page in pages)), GREY)
    ImageDraw.Draw(made).text((0, 2), title, "#202020", font)
    x = 0
    for page in pages:
        made.paste(page, (x, CAPTION))
        x += page.width + GAP // 2
    return made


def _arranged(parts: Sequence[Image.Image]) -> Image.Image:
    """Parts in lines of at most the width."""
    lines: list[list[Image.Image]] = [[]]
    for part in parts:
        if lines[-1] and sum(each.width + GAP for each in lines[-1]) + part.width + GAP > WIDTH:
            lines.append([])
        lines[-1].append(part)
    wide = max(sum(part.width + GAP for part in line) + GAP for line in lines)
    made = Image.new("RGB", (wide, sum(max(p.height for p in line) + GAP for line in lines) + GAP), GREY)
    y = GAP
    for line in lines:
        x = GAP
        for part in line:
            made.paste(part, (x, y))
            x += part.width + GAP
        y += max(part.height for part in line) + GAP
    return made


if __name__ == "__main__":
    main()
