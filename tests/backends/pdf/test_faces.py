"""The table of faces: a canary for each package that it draws on, and what happens without the optional ones."""

from importlib.metadata import version
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name
from pdf_samples import collect, flash, make

from cardforge.backends.pdf.text.cff import cids
from cardforge.backends.pdf.text.faces import (
    DEJAVU,
    EMOJI,
    EXTRAS,
    JP,
    KR,
    MATH,
    SC,
    SCRIPTS,
    SOURCES,
    SYMBOLS,
    TC,
    TEXT,
    Packaged,
    Source,
    coverage,
    face,
    fallbacks,
    font_path,
    hb_face,
)
from command import cardforge, write

# A text that a face is there for, by the name of its first weight.
EXPECTED = {
    TEXT[False, False]: "Größe Ελλάδα Россия",
    MATH: "∑∞≤ℝ→",
    DEJAVU: "✓★☐",
    EMOJI[False]: "👩👍🇩❤😀",
    SYMBOLS[False]: "🝐♾",
    SC: "强化学习策略",
    TC: "強化學習",
    JP: "強化学習エージェント",
    KR: "강화학습",
    **dict(
        zip(
            SCRIPTS[False],
            "تعلم Հայ বাংলা हिन्दी አማርኛ ქართ ગુજ ਪੰਜ שלום ಕನ್ ខ្មែរ ລາວ മല မြန် ଓଡ଼ සිං தமிழ் తెలు ไทย".split(),
            strict=True,
        )
    ),
}


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_a_package_has_the_file_that_the_table_names(source: Source) -> None:
    assert isinstance(source.origin, Packaged)
    package = source.origin.package
    told = f"{canonicalize_name(package)} {version(package)}: adapt backends/pdf/text/faces.py"
    assert font_path(source.origin).is_file(), f"{source.origin.file} is not in {told}"
    font = hb_face(source.origin)
    axes = {axis.tag: axis for axis in font.axis_infos}
    for tag, value in source.axes:
        assert tag in axes, f"{source.origin.file} cannot be set at {tag} in {told}"
        assert axes[tag].min_value <= value <= axes[tag].max_value, f"{tag} does not reach {value} in {told}"
    lacking = [char for char in EXPECTED.get(source, "") if ord(char) not in coverage(source.origin) and char != " "]
    assert not lacking, f"{source.origin.file} lacks {lacking} in {told}"
    shown = face(source).hb_font
    assert shown.get_glyph_h_advance(next(iter(face(source).hb_face.unicodes)) and 1) >= 0


def test_every_face_but_for_its_other_styles_has_a_text_it_is_there_for() -> None:
    named = {source.origin for source in EXPECTED}
    rest = {source.origin for source in SOURCES} - named
    assert {origin.file for origin in rest if isinstance(origin, Packaged)} == {
        "files/NotoSans-Italic[wdth,wght].ttf",
        "files/JetBrainsMono[wght].ttf",
        "files/JetBrainsMono-Italic[wght].ttf",
    }


def test_east_asian_fonts_are_keyed_by_cid_and_the_table_is_read_whole() -> None:
    for source in (SC, TC, JP, KR):
        table = bytes(hb_face(source.origin).reference_table("CFF ").data)
        found = cids(table)
        assert found is not None
        assert len(found) == hb_face(source.origin).glyph_count
        assert found[0] == 0
        assert list(found) == sorted(set(found))


def test_the_cards_language_leads_the_fallbacks() -> None:
    assert fallbacks("ja", bold=False)[0] is JP
    assert fallbacks("zh-Hans-HK", bold=False)[0] is SC
    assert fallbacks("zh-HK", bold=False)[0] is TC
    english = fallbacks("en", bold=True)
    assert english.index(MATH) < english.index(SCRIPTS[True][0]) < english.index(DEJAVU) < english.index(SC)


# ---- without the optional packages

HIDDEN = {f"less/{package}.py": "raise ImportError\n" for packages in EXTRAS.values() for package in packages}
CARDS = {
    "cards.md": "Q: What is 强化学习?\n\nA: To learn.\n\nQ: What is ไทย?\n\nA: Thai.\n\nQ: What is 𓂀?\n\nA: A sign.\n"
}


def test_a_finding_names_the_extra_that_has_a_missing_character(tmp_path: Path) -> None:
    folder = write(tmp_path, {**HIDDEN, **CARDS})
    done = cardforge(folder, "build", "pdf", "cards.md", "--select", "missing-glyph", env={"PYTHONPATH": "less"})
    assert done.status == 0
    assert done.stdout.count("warning[missing-glyph]") == 8
    assert done.stdout.count("python -m pip install 'cardforge[cjk]'") == 4
    assert done.stdout.count("python -m pip install 'cardforge[world]'") == 3
    assert done.stdout.count("--font") == 1


def test_with_the_extras_only_what_no_font_has_is_missing(tmp_path: Path) -> None:
    done = cardforge(write(tmp_path, CARDS), "build", "pdf", "cards.md", "--select", "missing-glyph")
    assert done.stdout.count("warning[missing-glyph]") == 1
    assert "U+13080" in done.stdout


@pytest.mark.parametrize("name", ["uharfbuzz", "fontpkg_noto_sans", "ziafont"])
def test_a_missing_library_of_print_is_told_and_other_targets_are_built(name: str, tmp_path: Path) -> None:
    missing = f"raise ModuleNotFoundError(\"No module named '{name}'\", name='{name}')\n"
    folder = write(tmp_path, {f"less/{name}.py": missing, "cards.md": "Q: What is asked?\n\nA: This ⸘ ♞ ✁.\n"})
    done = cardforge(folder, "build", "pdf", "cards.md", env={"PYTHONPATH": "less"})
    assert done.status == 3
    assert f"error[missing-component]: The target pdf needs {name}" in done.stdout
    assert "python -m pip install" in done.stdout
    for target in ("anki", "html"):
        assert cardforge(folder, "build", target, "cards.md", env={"PYTHONPATH": "less"}).status == 0
    assert sorted(path.suffix for path in (folder / "build").iterdir()) == [".apkg", ".html"]


def test_no_class_of_reportlab_is_changed() -> None:
    from reportlab.pdfbase import pdfdoc

    def methods() -> dict[str, dict[str, object]]:
        return {name: dict(vars(kind)) for name, kind in vars(pdfdoc).items() if isinstance(kind, type)}

    before = methods()
    make(collect([flash("强化学习 שלום?", "हिन्दी **x**")]))
    assert methods() == before
