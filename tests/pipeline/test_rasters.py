"""A picture's few bytes may ask for gigabytes or hours: each is refused at once, with what to do."""

import time
import tracemalloc
import zlib
from io import BytesIO

import pytest
from PIL import Image

from cardforge.pipeline.media.rasters import Raster, Refusal, read_raster


def _chunk(kind: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4)


def _png(width: int, height: int) -> bytes:
    head = width.to_bytes(4) + height.to_bytes(4) + b"\x08\0\0\0\0"
    data = zlib.compress(bytes(1 << 16))
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def _gif(frames: int, size: int) -> bytes:
    frame = b"\x21\xf9\x04\0\0\0\0\0\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0"
    side = size.to_bytes(2, "little")
    return b"GIF89a" + side + side + b"\x80\0\0" + bytes(6) + frame * frames + b";"


def _jpeg(scans: int) -> bytes:
    out = BytesIO()
    Image.new("L", (64, 64)).save(out, "JPEG", progressive=True)
    data = out.getvalue()
    at = data.rindex(b"\xff\xda")
    return data[:at] + data[at:-2] * scans + b"\xff\xd9"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (_png(50_000, 50_000), "pixels"),
        (_png(10_000, 10_000), "10,000 × 10,000 pixels"),
        (_gif(200_000, 4_000), "200,000 frames of 4,000 × 4,000 pixels"),
        (_gif(1, 60_000), "pixels"),
        (_jpeg(500), "has more passes than any camera writes"),
        (_png(10, 10)[:40], "is a broken PNG file"),
        (b"\0\0\0\x1cftypavif" + bytes(40), "is an AVIF picture"),
        (b"BM" + bytes(60), "is a BMP picture"),
        (b"version https://git-lfs.github.com/spec/v1\n", "is a pointer to a file that Git LFS keeps"),
        (b"words", "is no picture"),
        (b"", "is empty"),
    ],
    ids=["huge", "large", "frames", "wide-gif", "scans", "cut", "avif", "bmp", "lfs", "text", "empty"],
)
def test_what_cannot_be_shown_is_refused_at_once(data: bytes, reason: str) -> None:
    tracemalloc.start()
    start = time.process_time()
    read = read_raster(data)
    spent, (_, peak) = time.process_time() - start, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert isinstance(read, Refusal)
    assert reason in read.reason
    assert read.mend
    assert spent < 2
    assert peak < 64 << 20


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_png_is_taken(mode: str) -> None:
    out = BytesIO()
    Image.new(mode, (7, 5)).save(out, "PNG")
    assert read_raster(out.getvalue()) == Raster("png", "image/png", 7, 5)
