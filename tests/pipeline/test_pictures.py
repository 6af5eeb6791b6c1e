"""Pictures that cards show: found beside their file, named by content, never from outside, never too large."""

import zlib
from base64 import b64encode
from pathlib import Path
from typing import Final, Literal
from unicodedata import normalize
from urllib.parse import quote

import pytest
from PIL import Image

from cardforge.config import Settings
from cardforge.diagnostics import Code, Sink
from cardforge.model import Collection, Kind
from cardforge.pipeline import Request, read
from cardforge.pipeline.media import load
from cardforge.pipeline.select import Choice
from command import EPOCH, write

CLOCK: Final = int(EPOCH)


def _read(folder: Path, files: dict[str, str | bytes], choice: Choice | None = None) -> tuple[Collection, Sink]:
    sink = Sink()
    settings = Settings(write(folder, files), "cardforge.toml")
    reading = read(Request(settings, folder, CLOCK, choice=choice or Choice()), sink)
    return reading.collection, sink


def _picture(path: Path, size: tuple[int, int] = (3, 2), colour: str = "red") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size, colour).save(path)


def _card(*sources: str) -> str:
    return "Q: Why?\nA: " + " ".join(f"![x]({source})" for source in sources) + "\n"


@pytest.mark.parametrize(
    ("file", "written"),
    [
        ("cards/figures/curve.png", "figures/curve.png"),
        ("cards/figures/curve.png", "./figures/../figures/curve.png"),
        ("shared/curve.png", "../shared/curve.png"),
        ("shared/curve.png", "/shared/curve.png"),
        ("cards/two words.png", "two%20words.png"),
        ("cards/two words.png", "<two words.png>"),
        ("cards/100%.png", "100%.png"),
        ("cards/curve.png", "curve.png?raw=true#top"),
        ("cards/caf\u00e9.png", "cafe\u0301.png"),
        ("cards/cafe\u0301.png", "caf\u00e9.png"),
    ],
)
def test_a_picture_is_found(file: str, written: str, tmp_path: Path) -> None:
    _picture(tmp_path / file)
    collection, sink = _read(tmp_path, {"cards/a.md": _card(written)})
    assert list(sink) == []
    (media,) = collection.media.values()
    assert (media.mime, media.width, media.height) == ("image/png", 3, 2)
    assert media.name.isascii()
    assert media.name.endswith(f"-{media.sha256[:12]}.png")


@pytest.mark.parametrize(
    ("file", "written", "hint"),
    [
        ("img/Curve.PNG", "img/curve.png", "Write img/Curve.PNG: capital and small letters"),
        ("Img/curve.png", "./img/curve.png", "Write Img/curve.png: capital and small letters"),
        ("img/curve.png", "img\\curve.png", "Write img/curve.png: a slash divides folders"),
        ("img/curve.png", "img/cruve.png", "Did you mean img/curve.png?"),
        ("img/curve.png", "/img/none.png", "A name that begins with / is looked for in the project's folder"),
        ("img/curve.png", "other/none.png", "Names are relative to the file they stand in."),
    ],
)
def test_a_name_that_is_nearly_right_is_mended_and_not_taken(
    file: str, written: str, hint: str, tmp_path: Path
) -> None:
    _picture(tmp_path / "cards" / "x.png")
    (tmp_path / "cards" / file).parent.mkdir(parents=True)
    (tmp_path / "cards" / "x.png").rename(tmp_path / "cards" / file)
    _, sink = _read(tmp_path, {"cards/a.md": _card(written)})
    (finding,) = sink
    assert finding.code is Code.MISSING_IMAGE
    assert finding.hint.startswith(hint)
    assert (finding.span.line, finding.span.column) == (2, 9)


def test_a_site_s_picture_is_found_where_its_generator_keeps_it(tmp_path: Path) -> None:
    _picture(tmp_path / "public/img/a.png", colour="red")
    _picture(tmp_path / "static/img/b.png", colour="blue")
    collection, sink = _read(tmp_path, {"cards/a.md": _card("/img/a.png", "/img/b.png")})
    assert list(sink) == []
    assert len(collection.media) == 2


def test_a_picture_in_the_source_itself_is_taken(tmp_path: Path) -> None:
    _picture(tmp_path / "x.png", (5, 4))
    packed = b64encode((tmp_path / "x.png").read_bytes()).decode()
    collection, sink = _read(tmp_path, {"cards/a.md": _card(f"data:image/png;base64,{packed}")})
    assert list(sink) == []
    (media,) = collection.media.values()
    assert (media.width, media.height) == (5, 4)
    assert load(media) == (tmp_path / "x.png").read_bytes()


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_folder_is_found_in_every_form_of_its_name(form: Literal["NFC", "NFD"], tmp_path: Path) -> None:
    _picture(tmp_path / "cards" / normalize(form, "übung") / normalize(form, "é ñ.png"))
    for written in ("NFC", "NFD"):
        name = quote(normalize(written, "übung/é ñ.png"))
        collection, sink = _read(tmp_path, {"cards/a.md": _card(name)})
        assert list(sink) == []
        assert len(collection.media) == 1


def test_a_photograph_counts_as_it_is_seen(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    (tmp_path / "cards").mkdir()
    Image.new("RGB", (30, 20)).save(tmp_path / "cards/x.jpg", exif=exif)
    collection, _ = _read(tmp_path, {"cards/a.md": _card("x.jpg")})
    assert [(media.width, media.height) for media in collection.media.values()] == [(20, 30)]


def test_files_of_one_name_and_files_of_one_content_are_told_apart_by_content(tmp_path: Path) -> None:
    _picture(tmp_path / "cards/a/x.png", colour="red")
    _picture(tmp_path / "cards/b/x.png", colour="blue")
    _picture(tmp_path / "cards/c/x.png", colour="red")
    collection, _ = _read(tmp_path, {"cards/a.md": _card("a/x.png", "b/x.png", "c/x.png", "a/x.png")})
    assert len(collection.media) == 2


def test_the_ending_follows_the_content_and_not_the_name(tmp_path: Path) -> None:
    _picture(tmp_path / "x.jpg")
    (tmp_path / "cards").mkdir()
    (tmp_path / "x.jpg").rename(tmp_path / "cards" / "x.png")
    collection, sink = _read(tmp_path, {"cards/a.md": _card("x.png")})
    assert list(sink) == []
    (media,) = collection.media.values()
    assert (media.mime, media.name[-4:]) == ("image/jpeg", ".jpg")


@pytest.mark.parametrize("way", ["../../secret.png", "link.png", "linked/secret.png"])
def test_nothing_outside_the_project_is_read(way: str, tmp_path: Path) -> None:
    _picture(tmp_path / "secret.png")
    project = write(tmp_path / "project", {"cards/.keep": ""})
    (project / "cards" / "link.png").symlink_to("../../secret.png")
    (project / "cards" / "linked").symlink_to("../..")
    collection, sink = _read(project, {"cards/a.md": _card(way)})
    assert [finding.code for finding in sink] == [Code.OUTSIDE_PROJECT]
    assert collection.media == {}


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("http://x.example/a.png", Code.REMOTE_IMAGE),
        ("//x.example/a.png", Code.REMOTE_IMAGE),
        ("data:image/png;base64,AAAA", Code.BAD_IMAGE),
        ("file:///etc/passwd", Code.BAD_IMAGE),
        ("/etc/passwd", Code.MISSING_IMAGE),
        ("a%00.png", Code.MISSING_IMAGE),
        ("figures", Code.MISSING_IMAGE),
        ("text.png", Code.BAD_IMAGE),
        ("cut.png", Code.BAD_IMAGE),
        ("bomb.png", Code.BAD_IMAGE),
        ("laughs.svg", Code.BAD_IMAGE),
        ("photo.tiff", Code.BAD_IMAGE),
        ("C:\\photos\\x.png", Code.BAD_IMAGE),
        ("../../../../etc/passwd", Code.OUTSIDE_PROJECT),
        ("film.mp3", Code.BAD_AUDIO),
        ("nowhere.mp3", Code.MISSING_AUDIO),
        ("https://x.example/a.mp3", Code.REMOTE_AUDIO),
    ],
)
def test_what_cannot_be_shown_is_told_once(source: str, code: Code, tmp_path: Path) -> None:
    _picture(tmp_path / "cards/cut.png", (50, 50))
    whole = (tmp_path / "cards/cut.png").read_bytes()
    files: dict[str, str | bytes] = {
        "cards/a.md": _card(source, source),
        "cards/figures/.keep": "",
        "cards/text.png": "no picture",
        "cards/cut.png": whole[: len(whole) // 2],
        "cards/bomb.png": _bomb(),
        "cards/laughs.svg": '<!DOCTYPE svg [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><svg>&b;</svg>',
        "cards/photo.tiff": b"II*\x00" + bytes(60),
        "cards/film.mp3": b"no sound at all" * 9,
    }
    collection, sink = _read(tmp_path, files)
    assert [(finding.code, finding.span.line) for finding in sink] == [(code, 2)]
    assert collection.media == {}


def _bomb() -> bytes:
    """A PNG of a few bytes that says it has 10,000 × 10,000 pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4)

    size = (10_000).to_bytes(4) * 2
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size + b"\x08\0\0\0\0") + chunk(b"IEND", b"")


def test_a_choice_of_cards_takes_only_the_pictures_they_show(tmp_path: Path) -> None:
    _picture(tmp_path / "cards/a.png", colour="red")
    _picture(tmp_path / "cards/b.png", colour="blue")
    fold = "## Self-check\n\n**1. Why?**\n\n<details>\n<summary>Show answer</summary>\n\n![](b.png)\n\n</details>\n"
    files: dict[str, str | bytes] = {"cards/a.md": f"{_card('a.png')}\n{fold}"}
    every, _ = _read(tmp_path, files)
    chosen, _ = _read(tmp_path, files, Choice(kinds=(Kind.SELF_CHECK,)))
    assert sorted(name[0] for name in every.media) == ["a", "b"]
    assert [name[0] for name in chosen.media] == ["b"]
    assert [every.identity(card).guid for card in every.cards][1:] == [
        chosen.identity(card).guid for card in chosen.cards
    ]
