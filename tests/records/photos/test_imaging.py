"""What comes in as a picture, and what is kept of it."""

from io import BytesIO
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops

from records.domain.photos import MAX_BYTES, MAX_SIDE, Refusal
from records.imaging import THUMBNAIL_SIDE, PictureRefused, clean_picture
from tests.records.photos import pictures
from tests.records.photos.conftest import clean
from tests.records.photos.pictures import opened, quarters, saved

# Nothing that was hidden in a file may be in what is kept of it.
MARKERS = (b"marker-of", b"<script", b"alert", b"Exif", b"ICC_PROFILE", b"http", b"PK\x03\x04")


def refusal_of(content):
    with pytest.raises(PictureRefused) as refused:
        clean(content)
    return refused.value.refusal


def assert_plain(content):
    """The kept JPEG holds pixels and the four tables that a decoder needs, no other part."""
    image = opened(content)
    assert (image.format, image.mode) == ("JPEG", "RGB")
    assert not image.getexif()
    assert {"comment", "icc_profile", "exif", "xmp", "photoshop"}.isdisjoint(image.info)
    assert not any(marker in content for marker in MARKERS)
    assert content.endswith(b"\xff\xd9")


def assert_shows(content, expected, *, tolerance=14):
    """The kept picture shows `expected`, as near as JPEG comes; the edges between fields aside."""
    image = opened(content)
    assert image.size == expected.size
    for x, y in ((0.2, 0.2), (0.8, 0.2), (0.2, 0.8), (0.8, 0.8)):
        at = int(x * expected.width), int(y * expected.height)
        pairs = zip(image.getpixel(at), expected.getpixel(at), strict=True)
        assert max(abs(one - other) for one, other in pairs) <= tolerance


@pytest.mark.parametrize(
    "content",
    [
        pictures.jpeg(),
        pictures.jpeg(progressive=True),
        saved(quarters(), "PNG"),
        saved(quarters(), "WEBP", lossless=True),
        pictures.phone_jpeg(),
        pictures.with_secrets(),
        pictures.png_with_words(),
        pictures.jpeg() + b"%PDF-1.7" + pictures.SCRIPT,
        pictures.jpeg() + pictures.zipped(),
    ],
    ids=[
        "jpeg",
        "progressive",
        "png",
        "webp",
        "phone",
        "secrets",
        "words",
        "pdf-behind",
        "zip-behind",
    ],
)
def test_a_picture_is_kept_as_its_pixels_alone(content):
    kept = clean(content)
    for part in (kept.content, kept.thumbnail):
        assert_plain(part)
        assert_shows(part, quarters())
    assert (kept.width, kept.height) == (64, 48)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_stands_upright_however_the_camera_was_held(orientation):
    upright = quarters()
    kept = clean(pictures.with_orientation(upright, orientation))
    # To the pixel: a clean file of the upright picture is the same file.
    plain = clean(saved(upright, "PNG"))
    assert kept.content == plain.content
    assert ImageChops.difference(opened(kept.thumbnail), opened(plain.thumbnail)).getbbox() is None
    assert kept.sha256 == plain.sha256


def test_a_place_that_was_stored_is_gone():
    before = pictures.with_secrets()
    assert Image.open(BytesIO(before)).getexif().get_ifd(pictures.GPS)
    assert not opened(clean(before).content).getexif().get_ifd(pictures.GPS)


class TestKindsOfPixels:
    def test_printers_colours(self):
        assert_shows(clean(saved(quarters().convert("CMYK"), quality=95)).content, quarters())

    def test_sixteen_bits_of_grey_keep_their_shades(self):
        image = Image.new("I;16", (64, 48), 40_000)
        kept = opened(clean(saved(image, "PNG")).content)
        assert kept.mode == "RGB"
        assert abs(kept.getpixel((10, 10))[0] - 40_000 // 256) <= 2

    def test_grey(self):
        kept = opened(clean(saved(Image.new("L", (64, 48), 90))).content)
        assert abs(kept.getpixel((3, 3))[1] - 90) <= 2

    def test_a_palette_with_a_hole_stands_on_white(self):
        image = Image.new("P", (64, 48), 0)
        image.putpalette([255, 0, 0, 0, 0, 255])
        image.paste(1, (32, 0, 64, 48))
        kept = opened(clean(saved(image, "PNG", transparency=0)).content)
        assert min(kept.getpixel((8, 8))) > 245
        assert kept.getpixel((56, 8))[2] > 200

    @pytest.mark.parametrize("kind", ["PNG", "WEBP"])
    def test_what_is_clear_stands_on_white(self, kind):
        image = Image.new("RGBA", (64, 48), (255, 0, 0, 0))
        assert min(opened(clean(saved(image, kind)).content).getpixel((9, 9))) > 245


class TestRefused:
    @pytest.mark.parametrize(
        "content",
        [
            b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
            b"<!doctype html><script>alert(1)</script>",
            b"%PDF-1.7\n" + pictures.jpeg(),
            b"GIF89a" + pictures.jpeg(),
            b"PK\x03\x04" + pictures.jpeg(),
            pictures.zipped(),
            b"\x00\x00\x00\x18ftypheic" + b"\0" * 200,
            b"MZ" + b"\0" * 500,
            b"\xff\xd8\xff",
            b"\x89PNG\r\n\x1a\n",
            b"RIFF\x04\0\0\0WEBP",
            b"x",
        ],
    )
    def test_what_is_no_jpeg_png_or_webp(self, content):
        assert refusal_of(content) is Refusal.NOT_A_PICTURE

    @pytest.mark.parametrize("kind", ["GIF", "BMP", "TIFF", "ICO", "TGA", "PPM"])
    def test_other_pictures(self, kind):
        assert refusal_of(saved(quarters(), kind)) is Refusal.NOT_A_PICTURE

    @pytest.mark.parametrize("kind", ["PNG", "WEBP"])
    def test_a_moving_picture(self, kind):
        assert refusal_of(pictures.moving(kind)) is Refusal.MOVING

    def test_an_empty_file(self):
        assert refusal_of(b"") is Refusal.EMPTY

    def test_a_file_that_is_too_large(self):
        # It is not even looked at.
        with pytest.raises(PictureRefused) as refused:
            clean_picture(BytesIO(pictures.jpeg()), size=MAX_BYTES + 1)
        assert refused.value.refusal is Refusal.TOO_LARGE

    @pytest.mark.parametrize("content", [pictures.jpeg(), saved(quarters(), "PNG")])
    @pytest.mark.parametrize("share", [0.5, 0.8])
    def test_a_file_that_is_cut_off(self, content, share):
        cut = content[: int(len(content) * share)]
        assert refusal_of(cut) in {Refusal.BROKEN, Refusal.NOT_A_PICTURE}

    @pytest.mark.parametrize(
        "content",
        [
            pictures.png_that_promises(12_000, 12_000),
            pictures.png_that_promises(6_400, 6_400),
            pictures.png_that_promises(4_001, 4_001),
            pictures.png_that_promises(MAX_SIDE + 1, 1),
            pictures.png_that_promises(2**31 - 1, 2**31 - 1),
            pictures.webp_that_promises(16_000, 16_000),
            saved(Image.new("L", (6_400, 6_400))),
            saved(Image.new("L", (4_100, 4_100)), progressive=True),
            saved(Image.new("L", (3_400, 3_400)), "WEBP"),
        ],
    )
    def test_more_pixels_than_are_decoded(self, content):
        assert refusal_of(content) in {Refusal.TOO_MANY_PIXELS, Refusal.NOT_A_PICTURE}

    def test_a_bomb_is_refused_by_its_header_at_once(self):
        bomb = pictures.png_bomb()
        assert len(bomb) < 1_000_000
        before = perf_counter()
        assert refusal_of(bomb) is Refusal.TOO_MANY_PIXELS
        assert perf_counter() - before < 1


def test_a_large_photo_is_kept_at_half_its_size():
    kept = clean(saved(Image.new("RGB", (6_000, 4_000), (90, 90, 90)), quality=40))
    assert (kept.width, kept.height) == (3_000, 2_000)
    thumbnail = opened(kept.thumbnail)
    assert max(thumbnail.size) == THUMBNAIL_SIDE


@given(st.binary(max_size=300))
def test_no_bytes_whatever_do_more_than_be_refused(content):
    with pytest.raises(PictureRefused):
        clean(content)


@given(st.data())
def test_a_jpeg_with_wrong_bytes_is_refused_or_cleaned(data):
    content = bytearray(pictures.with_secrets())
    for _number in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place] = data.draw(st.integers(0, 255))
    try:
        kept = clean(bytes(content))
    except PictureRefused:
        return
    assert_plain(kept.content)
