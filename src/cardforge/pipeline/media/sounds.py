"""Sound files: which of them they are, told by their first bytes and never by their name."""

from typing import Final, NamedTuple

_HEAD: Final = 12
_LEAST: Final = 32  # bytes; no frame of any of them is shorter with its header
_MP4_BRANDS: Final = frozenset({b"M4A ", b"M4B ", b"mp41", b"mp42", b"isom", b"iso2", b"iso5", b"iso6", b"dash"})
_SYNC: Final = 0b111_1111_1111
_NO_RATE: Final = 15
_NO_FREQUENCY: Final = 3
_PICTURES: Final = (b"vide", b"\x80theora")  # what says that a container holds a film


class SoundType(NamedTuple):
    """A format that Anki and browsers play: the ending for its file, and its media type."""

    ending: str
    mime: str


def sound_type(data: bytes) -> SoundType | None:
    """The format of a sound file (MP3, Ogg, WAVE, MPEG-4 audio or FLAC); None for anything else, films included."""
    if len(data) < _LEAST:
        return None
    if data.startswith(b"ID3") or _is_mpeg_frame(data):
        return SoundType("mp3", "audio/mpeg")
    if data.startswith(b"OggS") and _PICTURES[1] not in data[:512]:
        opus = b"OpusHead" in data[:512]
        return SoundType("opus" if opus else "ogg", "audio/ogg")
    if data.startswith(b"RIFF") and data[8:_HEAD] == b"WAVE":
        return SoundType("wav", "audio/wav")
    if data[4:8] == b"ftyp" and data[8:_HEAD] in _MP4_BRANDS and not _has_film(data):
        return SoundType("m4a", "audio/mp4")
    if data.startswith(b"fLaC"):
        return SoundType("flac", "audio/flac")
    return None


def _is_mpeg_frame(data: bytes) -> bool:
    """Whether a frame of MPEG audio begins here: ISO/IEC 11172-3, 2.4.1.3, with no reserved value in it."""
    head = int.from_bytes(data[:3])
    sync, version, layer, rate, frequency = head >> 13, head >> 11 & 3, head >> 9 & 3, head >> 4 & 15, head >> 2 & 3
    return sync == _SYNC and version != 1 and layer != 0 and rate != _NO_RATE and frequency != _NO_FREQUENCY


def _has_film(data: bytes) -> bool:
    """Whether a track of an MPEG-4 file says that its samples are pictures: the handler's type, ISO/IEC 14496-12."""
    at = data.find(b"hdlr")
    while at >= 0:
        if data[at + 12 : at + 16] == _PICTURES[0]:
            return True
        at = data.find(b"hdlr", at + 4)
    return False
