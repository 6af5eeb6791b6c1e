"""Small pictures and sounds of every kind, and cards that show them."""

import struct
import wave
from pathlib import Path
from typing import Final

from PIL import Image

DRAWING: Final = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 100" onload="document.title=1">'
    '<script>fetch("https://evil.example/x")</script><rect width="200" height="100" fill="#0a0"/>'
    '<image href="https://evil.example/x.png" width="9" height="9"/>'
    '<text x="100" y="60" font-family="Times, serif" font-size="30" text-anchor="middle">Words</text></svg>'
)
SOURCE: Final = """Q: Which pictures?
A: ![png](<two words.png>) ![jpg](photo.jpg) ![gif](moving.gif) ![webp](soft.webp) ![svg](drawing.svg)

Q: Which sounds?
A: ![A bell](bell.mp3) and [a horn](horn.wav) and <audio controls><source src="flute.ogg"></audio>
and [sound:low voice.flac] and `[sound:none.mp3]`
"""


def _sounds(folder: Path) -> None:
    with wave.open(str(folder / "horn.wav"), "wb") as horn:
        horn.setnchannels(1)
        horn.setsampwidth(1)
        horn.setframerate(8000)
        horn.writeframes(bytes(range(256)) * 8)
    frame = b"\xff\xfb\x90\x64" + bytes(413)
    (folder / "bell.mp3").write_bytes(b"ID3\x04" + bytes(6) + frame * 4)
    (folder / "flute.ogg").write_bytes(b"OggS" + bytes(24) + b"\x01vorbis" + bytes(60))
    (folder / "low voice.flac").write_bytes(b"fLaC" + struct.pack(">I", 34) + bytes(60))


def _pictures(folder: Path) -> None:
    red = Image.new("RGBA", (60, 40), (255, 0, 0, 128))
    red.save(folder / "two words.png")
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("CMYK", (80, 40), (0, 0, 255, 0)).save(folder / "photo.jpg", exif=exif)
    frames = [Image.new("P", (30, 30), colour) for colour in (0, 1)]
    for frame in frames:
        frame.putpalette([0, 0, 255, 255, 0, 0] + [0] * 762)
    frames[0].save(folder / "moving.gif", save_all=True, append_images=frames[1:], duration=300)
    red.save(folder / "soft.webp", lossless=True)
    (folder / "drawing.svg").write_text(DRAWING, "utf-8")


def write_media(folder: Path) -> None:
    """All the files that :data:`SOURCE` names."""
    _pictures(folder)
    _sounds(folder)
