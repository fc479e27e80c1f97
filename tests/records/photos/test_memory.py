"""The largest files that are taken, and the worst that are not: what they cost the server."""

import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from records.domain.photos import (
    MAX_PIXELS,
    MAX_PIXELS_KEPT,
    MAX_PIXELS_WEBP,
    MAX_PIXELS_WHOLE,
)
from tests.records.photos.pictures import png_bomb, saved

ROOT = Path(__file__).resolve().parents[3]
MOST_MB = 200

# A process of its own for each file: what Python once had it seldom gives back.
CHILD = """
import sys, time
from pathlib import Path
from records.imaging import PictureRefused, clean_picture

def most():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM"))

path = Path(sys.argv[1])
before, began = most(), time.perf_counter()
with path.open("rb") as file:
    try:
        said = clean_picture(file, size=path.stat().st_size).sha256[:4]
    except PictureRefused as refused:
        said = refused.refusal
print(most() - before, round(time.perf_counter() - began, 2), said)
"""


def sized(pixels):
    """A width and a height of 4 to 3 with just under `pixels`."""
    width = int((pixels * 4 / 3) ** 0.5)
    return width, pixels // width


def plain(mode, pixels, kind, **options):
    return lambda: saved(Image.new(mode, sized(pixels)), kind, **options)


def turned():
    exif = Image.Exif()
    exif[0x0112] = 6
    return saved(Image.new("RGB", sized(MAX_PIXELS_KEPT)), exif=exif)


WORST = {
    "bomb": png_bomb,
    "jpeg": plain("RGB", MAX_PIXELS, "JPEG"),
    "jpeg-cmyk": plain("CMYK", MAX_PIXELS, "JPEG"),
    "jpeg-kept": plain("CMYK", MAX_PIXELS_KEPT, "JPEG"),
    "jpeg-turned": turned,
    "jpeg-progressive": plain("CMYK", MAX_PIXELS_WHOLE, "JPEG", progressive=True, subsampling=0),
    "png": plain("RGB", MAX_PIXELS_WHOLE, "PNG"),
    "png-clear": plain("RGBA", MAX_PIXELS_WHOLE, "PNG"),
    "png-16-bit": plain("I;16", MAX_PIXELS_WHOLE, "PNG"),
    "png-palette": plain("P", MAX_PIXELS_WHOLE, "PNG", transparency=0),
    "webp": plain("RGBA", MAX_PIXELS_WEBP, "WEBP"),
}


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read on Linux only")
@pytest.mark.parametrize("name", WORST)
def test_a_file_costs_a_bounded_amount_of_memory(name, tmp_path):
    path = tmp_path / "picture"
    path.write_bytes(WORST[name]())
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    megabytes, seconds, said = done.stdout.split()
    sys.stdout.write(f"{name}: {seconds} s, {megabytes} MB more\n")
    assert said == "too_many_pixels" if name == "bomb" else len(said) == 4
    assert int(megabytes) <= MOST_MB
