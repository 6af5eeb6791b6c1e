"""Every script as a reader of the PDF sees and searches it: a deck of ten, and one paragraph with all of them."""

import subprocess
from collections.abc import Callable
from functools import cache
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from pdf_samples import body, collect, flash, make, open_pdf, para, text_of
from PIL import Image, ImageChops, ImageStat

from cardforge.doc import Mark, Marked, Text
from command import ROOT, cardforge

SAMPLE = ROOT / "tests" / "seed" / "scripts.md"


@cache
def sample(folder: Path) -> bytes:
    done = cardforge(folder, "build", "pdf", str(SAMPLE), "-o", "scripts.pdf", "--strict")
    assert done.status == 0, done.stdout
    return (folder / "scripts.pdf").read_bytes()


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return sample(tmp_path_factory.mktemp("scripts"))


def lines_of(path: Path) -> list[str]:
    """The questions and answers of the sample without their marks."""
    return [
        line[3:].replace("**", "").strip()
        for line in path.read_text("utf-8").splitlines()
        if line.startswith(("Q: ", "A: "))
    ]


def searchable(text: str) -> str:
    """A text as both sides of a comparison have it: line ends may stand where scripts write no spaces."""
    return "".join(text.split())


def test_every_script_reads_back_as_it_was_written(product: bytes) -> None:
    pages = [searchable(page) for page in text_of(product)]
    asked = lines_of(SAMPLE)
    assert len(pages) == len(asked) // 2
    for number, page in enumerate(pages):
        for line in asked[2 * number : 2 * number + 2]:
            if any(script in line for script in ("Arabic", "Hebrew", "RL)", "All in one")):
                continue  # lines of both directions: PDFium guesses their order, see below
            assert searchable(line) in page


def test_every_word_of_both_directions_is_found(product: bytes) -> None:
    document = open_pdf(product)
    for number, line in enumerate(lines_of(SAMPLE)):
        text = searchable(document[number // 2].get_textpage().get_text_bounded())
        for word in line.split():
            assert word.strip(",.:;()،؟?٪") in text, word


@pytest.mark.parametrize(
    "text",
    [
        "هو تعلّم سياسةٍ تزيد المكافأة",
        "لا إله ولا لَا سلام الله",
        "بِسْمِ ٱللَّهِ ٱلرَّحْمَٰنِ ٱلرَّحِيمِ",
        "بְּרֵאשִׁית בָּרָא אֱלֹהִים",
        "گفتگوی فارسی، پژوهش",
        "اردو میں ٹیکسٹ",
        "น้ำ ที่นี่ ปู่ กำลัง",
        "क्षत्रिय ज्ञान हिन्दी र्क के साथ",
        "বাংলা ভাষা কৃষ্ণ",
        "தமிழ் மொழி கௌ",
        "ភាសាខ្មែរ",
        "မြန်မာဘာသာ",
        "አማርኛ",
        "ქართული",
        "👩\u200d💻 👍🏽 🇩🇪 ❤️ 🏳️\u200d🌈 1️⃣",
        "ạ́ n̈ Việt",
        "강화 학습 각",
        "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466 ☎ ✓ → ⇔ ∀x∈ℝ",
    ],
)
def test_a_paragraph_of_one_script_reads_back_to_the_letter(text: str) -> None:
    data, sink = make(collect([flash("?", text)]))
    assert not list(sink)
    assert text in text_of(data)[0]


def test_bold_text_of_other_scripts_is_bold() -> None:
    def ink(mark: Mark | None, words: str) -> float:
        shown = Marked(mark, (Text(words),)) if mark else words
        page = open_pdf(make(collect([flash(body(para(shown)), "")]))[0])[0]
        return 255 - ImageStat.Stat(page.render(scale=3).to_pil().convert("L")).mean[0]

    for words in ("التعلم المعزز", "การเรียนรู้", "प्रबलन अधिगम"):
        assert ink(Mark.STRONG, words) > 1.08 * ink(None, words), words


@pytest.mark.parametrize(
    ("language", "face"),
    [("ja", "JP"), ("ko-KR", "KR"), ("zh-Hant", "TC"), ("zh-TW", "TC"), ("zh", "SC"), ("en", "SC")],
)
def test_han_characters_take_the_shapes_of_the_cards_language(language: str, face: str) -> None:
    data, _ = make(collect([flash("骨直角", "")], language=language))
    with pikepdf.open(BytesIO(data)) as pdf:
        names = {str(obj.BaseFont)[8:] for obj in pdf.objects if isinstance(obj, pikepdf.Dictionary) and "/W" in obj}
    assert f"NotoSans{face}-Regular" in names
    assert not {f"NotoSans{other}-Regular" for other in {"SC", "TC", "JP", "KR"} - {face}} & names


def test_postscript_outlines_are_embedded_as_such() -> None:
    data, _ = make(collect([flash("强化学习", "x")]))
    with pikepdf.open(BytesIO(data)) as pdf:
        (font,) = [
            obj
            for obj in pdf.objects
            if isinstance(obj, pikepdf.Dictionary) and "SC" in str(obj.get("/BaseFont")) and "/W" in obj
        ]
        assert font.Subtype == "/CIDFontType0"
        assert "/CIDToGIDMap" not in font
        program = font.FontDescriptor.FontFile3
        assert program.Subtype == "/CIDFontType0C"
        assert len(program.read_bytes()) < 3000


def test_two_readers_draw_the_sample_alike(product: bytes, need: Callable[[str], str], tmp_path: Path) -> None:
    (tmp_path / "scripts.pdf").write_bytes(product)
    subprocess.run([need("pdftoppm"), "-r", "72", "-gray", "scripts.pdf", "page"], cwd=tmp_path, check=True)
    for number, path in enumerate(sorted(tmp_path.glob("page-*.pgm"))):
        ours = Image.open(path).convert("L").resize((105, 74))
        theirs = open_pdf(product)[number].render(scale=1).to_pil().convert("L").resize((105, 74))
        (mean,) = ImageStat.Stat(ImageChops.difference(ours, theirs)).mean
        assert mean < 3, path.name  # of 255: only how edges are smoothed


def test_the_sample_has_no_fault_that_poppler_tells(product: bytes, need: Callable[[str], str], tmp_path: Path) -> None:
    (tmp_path / "scripts.pdf").write_bytes(product)
    done = subprocess.run(
        [need("pdftotext"), "scripts.pdf", "-"], cwd=tmp_path, check=True, capture_output=True, text=True
    )
    assert not done.stderr
    plain = done.stdout
    for word in ("强化学习", "強化学習", "에이전트가", "การเรียนรู้นโยบาย", "सीखना", "👩\u200d💻", "سياسةٍ", "מדיניות"):
        assert word in plain, word
