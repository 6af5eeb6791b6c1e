"""Fonts that a person names: files and families, their styles, and those that cannot be used."""

import re
import struct
from collections.abc import Mapping
from functools import cache
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
import uharfbuzz as hb

from cardforge.backends.pdf.text.faces import JP, MONO, Packaged, face, font_path
from cardforge.pipeline.typefaces import system_folders
from command import Run, cardforge, write

DECK = "Q: Plain, **bold**, *italic*, ***both***, `code`?\n\nA: Žluťoučký kůň, ∰ and 𓂀.\n"
STYLES = {(False, False): "Regular", (True, False): "Bold", (False, True): "Italic", (True, True): "BoldItalic"}


@cache
def static(*, bold: bool, italic: bool) -> bytes:
    """A style of JetBrains Mono as a file of its own."""
    source = MONO[bold, italic]
    whole = face(source).hb_face
    wanted = hb.SubsetInput()
    wanted.keep_everything()
    wanted.flags = hb.SubsetFlags.RETAIN_GIDS | hb.SubsetFlags.NO_HINTING
    for axis, value in source.axes:
        wanted.pin_axis_location(whole, axis, value)
    return bytes(hb.subset(whole, wanted).blob.data)


def renamed(font: bytes, name: str) -> bytes:
    """A font under another family's name of as many letters."""
    old = "JetBrains Mono"
    assert len(name) == len(old)
    return font.replace(old.encode("utf-16-be"), name.encode("utf-16-be"))


def with_rights(font: bytes, rights: int) -> bytes:
    """A font with other embedding rights, fsType of its OS/2 table."""
    (count,) = struct.unpack_from(">H", font, 4)
    tables = (struct.unpack_from(">4sLLL", font, 12 + 16 * at) for at in range(count))
    start = next(offset for tag, _, offset, _ in tables if tag == b"OS/2")
    changed = bytearray(font)
    struct.pack_into(">H", changed, start + 8, rights)
    return bytes(changed)


def family(folder: str, name: str = "JetBrains Mono") -> dict[str, str | bytes]:
    return {
        f"{folder}/{style}.ttf": renamed(static(bold=bold, italic=italic), name)
        for (bold, italic), style in STYLES.items()
    }


def build(folder: Path, *options: str, files: Mapping[str, str | bytes] | None = None) -> tuple[Run, dict[str, int]]:
    """Build the deck; the run, and the fonts of the product with the lengths of their programs."""
    write(folder, {"cards.md": DECK, **(files or {})})
    done = cardforge(
        folder, "build", "pdf", "cards.md", "-o", "out.pdf", *options, env={"XDG_DATA_HOME": str(folder / "data")}
    )
    product = folder / "out.pdf"
    return done, fonts_of(product.read_bytes()) if product.exists() else {}


def fonts_of(data: bytes) -> dict[str, int]:
    found = {}
    with pikepdf.open(BytesIO(data)) as pdf:
        for obj in pdf.objects:
            if isinstance(obj, pikepdf.Dictionary) and obj.get("/Type") == "/FontDescriptor":
                program = obj.get("/FontFile2") or obj.FontFile3
                found[re.sub(r"^/[A-Z]{6}\+", "", str(obj.FontName))] = len(program.read_bytes())
    return found


def test_a_family_in_a_folder_of_fonts_sets_text_in_its_four_styles(tmp_path: Path) -> None:
    done, fonts = build(tmp_path, "--font", "Xylograph Sans", files=family("data/fonts/x", "Xylograph Sans"))
    assert done.status == 0, done.stdout
    assert not any(name.startswith(("NotoSans-B", "NotoSans-I")) for name in fonts), fonts
    assert {"JetBrainsMono-Regular", "JetBrainsMono-Bold", "JetBrainsMono-Italic", "JetBrainsMono-ItalicBold"} <= set(
        fonts
    )
    assert "STIXTwoMath-Regular" in fonts  # what it lacks comes from the others


def test_a_familys_name_counts_without_its_case(tmp_path: Path) -> None:
    _, fonts = build(tmp_path, "--font", "xylograph  SANS", files=family("data/fonts", "Xylograph Sans"))
    assert "JetBrainsMono-ItalicBold" in fonts


def test_a_file_brings_its_family_from_its_folder(tmp_path: Path) -> None:
    _, fonts = build(tmp_path, "--font", "fonts/Regular.ttf", files=family("fonts"))
    assert {"JetBrainsMono-Bold", "JetBrainsMono-Italic"} <= set(fonts)


def test_a_style_that_a_family_lacks_is_set_in_ours(tmp_path: Path) -> None:
    _, fonts = build(tmp_path, "--font", "one.ttf", files={"one.ttf": static(bold=False, italic=False)})
    assert {"JetBrainsMono-Regular", "NotoSans-Bold", "NotoSans-Italic", "NotoSans-BoldItalic"} <= set(fonts)


def test_a_variable_font_gives_regular_and_bold(tmp_path: Path) -> None:
    origin = MONO[False, False].origin
    assert isinstance(origin, Packaged)
    variable = font_path(origin).read_bytes()
    _, fonts = build(tmp_path, "--font", "variable.ttf", files={"variable.ttf": variable})
    assert "NotoSans-Bold" not in fonts
    assert "NotoSans-Italic" in fonts


def test_a_font_with_postscript_outlines_can_come_first(tmp_path: Path) -> None:
    assert isinstance(JP.origin, Packaged)
    done, fonts = build(tmp_path, "--font", "jp.otf", files={"jp.otf": font_path(JP.origin).read_bytes()})
    assert "warning[missing-glyph]" in done.stdout
    assert fonts["NotoSansJP-Regular"] < 6000
    assert "NotoSans-Bold" in fonts


def test_code_has_a_font_of_its_own(tmp_path: Path) -> None:
    _, fonts = build(tmp_path, "--font", "mono=fonts/Bold.ttf", files=family("fonts"))
    assert "NotoSans-Regular" in fonts
    settings = {"cardforge.toml": '[pdf]\ncode_font = "fonts/Bold.ttf"\n', **family("fonts")}
    (tmp_path / "out.pdf").unlink()
    _, again = build(tmp_path, files=settings)
    assert again == fonts


def test_a_path_counts_from_the_settings_or_from_where_one_is(tmp_path: Path) -> None:
    files = {"cardforge.toml": '[pdf]\nfont = ["fonts/Regular.ttf"]\n', "cards/cards.md": DECK, **family("fonts")}
    folder = write(tmp_path, files)
    assert cardforge(folder / "cards", "build", "pdf", "-o", "a.pdf").status == 0
    assert "JetBrainsMono-ItalicBold" in fonts_of((folder / "cards" / "a.pdf").read_bytes())
    done = cardforge(folder / "cards", "build", "pdf", "-o", "b.pdf", "--font", "fonts/Regular.ttf")
    assert done.status == 3
    assert cardforge(folder / "cards", "build", "pdf", "-o", "b.pdf", "--font", "../fonts/Regular.ttf").status == 0


def test_the_same_font_gives_the_same_bytes(tmp_path: Path) -> None:
    files = family("data/fonts", "Xylograph Sans")
    products = []
    for name, seed in (("a", "1"), ("b", "2")):
        folder = write(tmp_path / name, {"cards.md": DECK, **files})
        env = {"XDG_DATA_HOME": str(folder / "data"), "PYTHONHASHSEED": seed}
        assert cardforge(folder, "build", "pdf", "cards.md", "--font", "Xylograph Sans", env=env).status == 0
        products.append((folder / "build" / "cards.pdf").read_bytes())
    assert products[0] == products[1]


@pytest.mark.parametrize(
    ("font", "said", "hint"),
    [
        (b"This is no font.", "is no font that can be read", ".ttf, .otf, .ttc"),
        (static(bold=False, italic=False)[:5000], "is no font that can be read", ".ttf, .otf, .ttc"),
        (with_rights(static(bold=False, italic=False), 0x0002), "may not be embedded in a document", "another font"),
        (with_rights(static(bold=False, italic=False), 0x0104), "may not be embedded in part", "another font"),
    ],
)
def test_a_font_that_cannot_be_used_is_told_and_nothing_is_written(
    font: bytes, said: str, hint: str, tmp_path: Path
) -> None:
    done, fonts = build(tmp_path, "--font", "own.ttf", files={"own.ttf": font})
    assert (done.status, fonts) == (3, {})
    assert f"error[unusable-font]: The font own.ttf {said}" in done.stdout
    assert hint in done.stdout


def test_rights_to_edit_or_preview_are_rights_to_embed(tmp_path: Path) -> None:
    font = with_rights(static(bold=False, italic=False), 0x0004)
    done, _ = build(tmp_path, "--font", "own.ttf", files={"own.ttf": font})
    assert done.status == 0


def test_a_family_that_is_not_there_is_told_with_the_nearest(tmp_path: Path) -> None:
    done, fonts = build(tmp_path, "--font", "Xylograf Sans", files=family("data/fonts", "Xylograph Sans"))
    assert (done.status, fonts) == (3, {})
    assert "error[unusable-font]: The font Xylograf Sans is no installed family." in done.stdout
    assert "Did you mean Xylograph Sans" in done.stdout


def test_other_targets_do_not_ask_for_the_font(tmp_path: Path) -> None:
    folder = write(tmp_path, {"cards.md": DECK, "cardforge.toml": '[pdf]\nfont = "Nowhere Sans"\n'})
    assert cardforge(folder, "build", "html", "cards.md").status == 0


def test_folders_of_fonts_by_system() -> None:
    posix = [path.as_posix() for path in system_folders({"HOME": "/home/a", "XDG_DATA_DIRS": "/opt/share:"}, "linux")]
    assert posix == ["/home/a/.local/share/fonts", "/home/a/.fonts", "/opt/share/fonts"]
    assert "/Library/Fonts" in [path.as_posix() for path in system_folders({"HOME": "/Users/a"}, "darwin")]
    windows = system_folders({"LOCALAPPDATA": "C:/Users/a/AppData/Local", "WINDIR": "D:/Windows"}, "win32")
    assert [path.as_posix() for path in windows] == [
        "C:/Users/a/AppData/Local/Microsoft/Windows/Fonts",
        "D:/Windows/Fonts",
    ]
