"""Resolves the pictures a source names and reads what the outputs must know about them."""

import hashlib
import os
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from urllib.parse import unquote
from warnings import catch_warnings

from cardforge.diagnostics import Code, Sink, Span
from cardforge.model import Media
from cardforge.pipeline.discover import is_inside

_REMOTE = re.compile(r"^(?:https?:)?//", re.IGNORECASE)
_SCHEME = re.compile(r"^[a-zA-Z][a-zA-Z0-9+.-]+:")
_FORMATS = {
    "PNG": ("png", "image/png"),
    "JPEG": ("jpg", "image/jpeg"),
    "GIF": ("gif", "image/gif"),
    "WEBP": ("webp", "image/webp"),
}
_MOST_PIXELS = 80_000_000
_MOST_BYTES = 64 * 1024 * 1024
_LONGEST_SHOWN = 80
_MOST_HINTS = 20
"""Missing pictures of a file for which a near name is looked for: it takes the names of a whole folder each time."""
_RELATIVE = "Names are relative to the file they stand in."


@dataclass(slots=True)
class Finder:
    """The pictures of one source. ``folder`` is the file's own, ``bound`` the one nothing may lie outside of."""

    folder: Path
    bound: Path
    sink: Sink
    found: dict[str, Media] = field(default_factory=dict)
    _seen: dict[str, str] = field(default_factory=dict)
    _missing: int = 0

    def __call__(self, src: str, span: Span) -> str:
        """The media name of the picture ``src`` names; "" for a remote one and, with a finding, for a missing one."""
        if src not in self._seen:
            media = self._find(src, span)
            self._seen[src] = media.name if media else ""
            if media:
                self.found[media.name] = media
        return self._seen[src]

    def _find(self, src: str, span: Span) -> Media | None:
        if _REMOTE.match(src):
            hint = "Save the picture beside the file and name it here."
            self.sink.add(Code.REMOTE_IMAGE, span, "This picture lies on the network: it stays a link.", hint)
            return None
        if not src or _SCHEME.match(src) or "\x00" in src:
            message = f"The address {_short(src)} names no picture file." if src else "This image names no file."
            self.sink.add(Code.BAD_IMAGE, span, message, "Save the picture beside the file and name it here.")
            return None
        path = next(filter(_is_file, self._candidates(src)), None)
        if path is None:
            self.sink.add(Code.MISSING_IMAGE, span, f"There is no picture {_short(src)}.", self._hint(src))
            return None
        if not is_inside(path, self.bound):
            hint = "Copy the picture into the project; nothing outside of it is read."
            self.sink.add(Code.OUTSIDE_PROJECT, span, f"The picture {_short(src)} lies outside the project.", hint)
            return None
        return self._read(path, src, span)

    def _candidates(self, src: str) -> Iterable[Path]:
        names = (src, unquote(src), re.sub(r"[?#].*$", "", unquote(src)))
        forms = [unicodedata.normalize(form, name) for name in names for form in ("NFC", "NFD")]
        for name in dict.fromkeys((*names, *forms)):  # file systems differ in how they keep an é
            if name.startswith("/"):
                yield self.bound / name.lstrip("/")
            else:
                yield self.folder / name

    def _hint(self, src: str) -> str:
        self._missing += 1
        if self._missing > _MOST_HINTS:
            return _RELATIVE
        wanted = Path(unquote(src))
        folder = (self.folder / wanted).parent
        try:
            names = [path.name for path in folder.iterdir()] if is_inside(folder, self.bound) else []
        except (OSError, ValueError):
            names = []
        same = [name for name in names if name.casefold() == wanted.name.casefold()]
        near = same or get_close_matches(wanted.name, names, 1)
        return (
            f"Did you mean {(wanted.parent / near[0]).as_posix()}?"
            if near
            else "Names are relative to the file they stand in."
        )

    def _read(self, path: Path, src: str, span: Span) -> Media | None:
        from PIL import Image, UnidentifiedImageError

        shown = _short(src)

        def complain(message: str, hint: str) -> None:
            self.sink.add(Code.BAD_IMAGE, span, message, hint)

        try:
            if path.stat().st_size > _MOST_BYTES:
                complain(f"The picture {shown} is larger than 64 MiB.", "Scale it down.")
                return None
            data = path.read_bytes()
            with catch_warnings(action="ignore"), Image.open(path, formats=tuple(_FORMATS)) as image:
                width, height, kind = *image.size, image.format or ""
                if width * height > _MOST_PIXELS:
                    complain(
                        f"The picture {shown} has {width:,} × {height:,} pixels.", "Scale it below 80 million pixels."
                    )
                    return None
                image.load()
        except UnidentifiedImageError:
            complain(f"The file {shown} is no picture that can be shown.", "Use a PNG, JPEG, GIF or WebP file.")
            return None
        except Exception as error:  # noqa: BLE001 - decoders raise whatever they run into
            complain(f"The picture {shown} cannot be read: {error}.", "Save it again from a picture editor.")
            return None
        ending, mime = _FORMATS[kind]
        digest = hashlib.sha256(data).hexdigest()
        return Media(f"{_stem(path.stem)}-{digest[:12]}.{ending}", str(path), mime, digest, width, height)


def _is_file(path: Path) -> bool:
    return os.path.isfile(path)  # noqa: PTH113 - pathlib's raises for names that are too long


def _short(src: str) -> str:
    return src if len(src) <= _LONGEST_SHOWN else src[: _LONGEST_SHOWN - 1] + "…"


def _stem(name: str) -> str:
    """A file name's stem in the letters that every system and Anki keep as they are."""
    ascii_only = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")[:60] or "picture"
