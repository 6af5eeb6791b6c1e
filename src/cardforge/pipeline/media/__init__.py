"""Resolves the pictures and sounds a source names, and reads what the products must know about them."""

import hashlib
import re
import unicodedata
from dataclasses import field
from pathlib import Path
from urllib.parse import unquote

from cardforge.body.media import is_sound
from cardforge.diagnostics import Code, Sink, Span
from cardforge.model import Media
from cardforge.pipeline.media import drawings
from cardforge.pipeline.media.data_urls import decode
from cardforge.pipeline.media.places import Listings, Lookup, Trouble
from cardforge.pipeline.media.rasters import Raster, Refusal, read_raster
from cardforge.pipeline.media.sounds import sound_type
from cardforge.pipeline.media.svg_tree import RefusedError
from cardforge.values import dataclass

__all__ = ["Finder", "Listings", "load"]

_REMOTE = re.compile(r"^(?:https?:)?[/\\]{2}", re.IGNORECASE)
_SCHEME = re.compile(r"^[a-zA-Z][a-zA-Z0-9+.-]*:")
_DATA = re.compile(r"data:", re.IGNORECASE)
_MOST_BYTES = 64 * 1024 * 1024
_MOST_SVG_BYTES = 4 * 1024 * 1024
_LONGEST_SHOWN = 80
_RELATIVE = "Names are relative to the file they stand in."
_FROM_THE_ROOT = "A name that begins with / is looked for in the project's folder, and in public and static there."
_SOUNDS = "MP3, Ogg, Opus, WAV, M4A and FLAC can be played."


@dataclass(slots=True)
class Finder:
    """The media of one source. ``folder`` is the file's own, ``bound`` the one nothing may lie outside of.

    ``listings`` can be shared by the finders of a run.
    """

    folder: Path
    bound: Path
    sink: Sink
    listings: Listings = field(default_factory=Listings)
    found: dict[str, Media] = field(default_factory=dict)
    _seen: dict[str, str] = field(default_factory=dict)
    _lookup: Lookup = field(init=False)

    def __post_init__(self) -> None:
        self._lookup = Lookup(self.folder, self.bound, self.listings)

    def __call__(self, src: str, span: Span) -> str:
        """The media name of what ``src`` names; "" for a remote one and, with a finding, for a missing one."""
        if src not in self._seen:
            media = _One(src, span, self.sink, self._lookup).read()
            self._seen[src] = media.name if media else ""
            if media:
                self.found[media.name] = media
        return self._seen[src]


def load(media: Media) -> bytes:
    """A media file's bytes as products hold them: drawings are cleaned, whatever became of their file."""
    data = decode(media.path)
    if data is None:
        data = Path(media.path).read_bytes()
    return drawings.clean(data).data if media.mime == drawings.MIME else data


@dataclass(frozen=True, slots=True)
class _One:
    """One name, to be read once."""

    src: str
    span: Span
    sink: Sink
    lookup: Lookup

    def read(self) -> Media | None:
        """What it names, or None: with a finding, but for none at all."""
        src, sound = self.src, is_sound(self.src)
        thing = "sound" if sound else "picture"
        beside = f"Save the {thing} beside the file and name it here."
        if _REMOTE.match(src):
            code = Code.REMOTE_AUDIO if sound else Code.REMOTE_IMAGE
            self.sink.add(code, self.span, f"This {thing} lies on the network: it stays a link.", beside)
            return None
        if _DATA.match(src):
            return self._embedded()
        if not src or _SCHEME.match(src) or "\x00" in src:
            shown = f"The address {self._shown} names no {thing} file." if src else "This image names no file."
            self._complain(shown, beside)
            return None
        path = self.lookup.find(src)
        if path is Trouble.OUTSIDE:
            hint = f"Copy the {thing} into the project; nothing outside of it is read."
            self.sink.add(Code.OUTSIDE_PROJECT, self.span, f"The {thing} {self._shown} lies outside the project.", hint)
            return None
        if not isinstance(path, Path):
            code = Code.MISSING_AUDIO if sound else Code.MISSING_IMAGE
            self.sink.add(code, self.span, f"There is no {thing} {self._shown}.", self._hint())
            return None
        return self._file(path)

    def _hint(self) -> str:
        near = self.lookup.near(self.src)
        if near is None:
            return _FROM_THE_ROOT if unquote(self.src).startswith("/") else _RELATIVE
        if "\\" in unquote(self.src):
            return f"Write {near}: a slash divides folders on every system, a backslash on one."
        if near.casefold() == unicodedata.normalize("NFC", re.sub(r"^\./", "", unquote(self.src))).casefold():
            return f"Write {near}: capital and small letters are told apart on other systems."
        return f"Did you mean {near}?"

    def _file(self, path: Path) -> Media | None:
        try:
            if path.stat().st_size > _MOST_BYTES:
                self._complain(f"The file {self._shown} is larger than 64 MiB.", "Make it smaller.")
                return None
            data = path.read_bytes()
        except OSError as error:
            told = f"The file {self._shown} cannot be read: {error.strerror}."
            self._complain(told, "Give yourself the right to read it.")
            return None
        if is_sound(self.src):
            return self._sound(data, path)
        return self._picture(data, path.stem, str(path))

    def _embedded(self) -> Media | None:
        """A picture in the source itself, as exports of document editors have it."""
        data = decode(self.src)
        if data is not None:
            return self._picture(data, "picture", self.src)
        told = f"The address {self._shown} holds no picture that can be shown."
        self._complain(told, "PNG, JPEG, GIF and WebP pictures in base64 are read; better save them as files.")
        return None

    def _picture(self, data: bytes, stem: str, path: str) -> Media | None:
        if drawings.looks_like_svg(data):
            return self._drawing(data, stem, path)
        read = read_raster(data)
        if isinstance(read, Refusal):
            self._refuse(read.reason, read.mend)
            return None
        return _media(data, stem, path, read)

    def _drawing(self, data: bytes, stem: str, path: str) -> Media | None:
        if len(data) > _MOST_SVG_BYTES:
            self._refuse("is an SVG of more than 4 MiB", "Simplify it, or export it as PNG.")
            return None
        try:
            drawn = drawings.clean(data)
        except RefusedError as refused:
            self._refuse(refused.reason, refused.mend)
            return None
        if drawn.lost:
            told = f"The drawing {self._shown} is shown without its {_listed(drawn.lost)}."
            hint = "Take them out of the drawing, or export it as PNG."
            self.sink.add(Code.DROPPED_MARKUP, self.span, told, hint)
        return _media(drawn.data, stem, path, Raster("svg", drawings.MIME, drawn.width, drawn.height))

    def _sound(self, data: bytes, path: Path) -> Media | None:
        kind = sound_type(data)
        if kind is None:
            self._complain(f"The file {self._shown} is {'no sound' if data else 'empty'}.", _SOUNDS)
            return None
        return _media(data, path.stem, str(path), Raster(*kind, 0, 0))

    def _refuse(self, reason: str, mend: str) -> None:
        self._complain(f"The picture {self._shown} {reason}.", mend)

    def _complain(self, message: str, hint: str) -> None:
        self.sink.add(Code.BAD_AUDIO if is_sound(self.src) else Code.BAD_IMAGE, self.span, message, hint)

    @property
    def _shown(self) -> str:
        return self.src if len(self.src) <= _LONGEST_SHOWN else self.src[: _LONGEST_SHOWN - 1] + "…"


def _media(data: bytes, stem: str, path: str, read: Raster) -> Media:
    digest = hashlib.sha256(data).hexdigest()
    name = f"{_stem(stem)}-{digest[:12]}.{read.ending}"
    return Media(name, path, read.mime, digest, read.width, read.height)


def _listed(words: tuple[str, ...]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def _stem(name: str) -> str:
    """A file name's stem in the letters that every system and Anki keep as they are."""
    ascii_only = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")[:60] or "media"
