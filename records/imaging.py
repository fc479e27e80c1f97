"""Pictures from outside, made harmless: decoded, turned upright, stripped and written anew.

What is kept is made of pixels alone. Nothing of the file that came in, no comment, place, profile,
second picture or appended archive, is in the file that is stored.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from typing import IO, Any, Final

from PIL import ExifTags, Image, ImageOps

from records.domain.photos import (
    MAX_BYTES,
    MAX_PIXELS,
    MAX_PIXELS_KEPT,
    MAX_PIXELS_WEBP,
    MAX_PIXELS_WHOLE,
    MAX_SIDE,
    Refusal,
    read_stamp,
)

# Only these decoders are ever tried, whatever a file says that it is.
FORMATS: Final = ("JPEG", "PNG", "WEBP")
THUMBNAIL_SIDE: Final = 640
QUALITY: Final = 90
THUMBNAIL_QUALITY: Final = 80
PAPER: Final = (255, 255, 255)

Image.MAX_IMAGE_PIXELS = MAX_PIXELS


class PictureRefused(Exception):
    """The file is not taken. `refusal` says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


@dataclass(frozen=True, slots=True)
class Picture:
    """A clean JPEG and its thumbnail, upright; sizes in pixels.

    `stamp` is when the camera says that it was taken, see `read_stamp`. Nothing else is kept of
    what it wrote.
    """

    content: bytes
    thumbnail: bytes
    width: int
    height: int
    stamp: datetime | None = None

    @property
    def sha256(self) -> str:
        """The digest of `content` in 64 hexadecimal digits."""
        return sha256(self.content).hexdigest()


def clean_picture(file: IO[bytes], *, size: int) -> Picture:
    """Return what is shown in `file` of `size` bytes. Raises PictureRefused.

    The header is judged before a pixel is decoded. Every format is read within 200 MB.
    """
    if size == 0:
        raise PictureRefused(Refusal.EMPTY)
    if size > MAX_BYTES:
        raise PictureRefused(Refusal.TOO_LARGE)
    image = _opened(file)
    _check_header(image)
    try:
        plain, stamp = _decoded(image)
        return replace(_encoded(plain), stamp=stamp)
    except Exception as error:
        # A decoder raises whatever it stumbles over: OSError, SyntaxError, struct.error and more.
        raise PictureRefused(Refusal.BROKEN) from error


def _opened(file: IO[bytes]) -> Image.Image:
    """Return the picture with its header read and no pixel decoded."""
    try:
        file.seek(0)
        return Image.open(file, formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PictureRefused(Refusal.TOO_MANY_PIXELS) from error
    except Exception as error:
        raise PictureRefused(Refusal.NOT_A_PICTURE) from error


def _check_header(image: Image.Image) -> None:
    width, height = image.size
    if width * height > _most_pixels(image) or max(width, height) > MAX_SIDE:
        raise PictureRefused(Refusal.TOO_MANY_PIXELS)
    # A phone's JPEG may hold a second picture for bright screens; its first one is the photo.
    if image.format != "MPO" and getattr(image, "n_frames", 1) > 1:
        raise PictureRefused(Refusal.MOVING)


def _most_pixels(image: Image.Image) -> int:
    if image.format == "WEBP":
        return MAX_PIXELS_WEBP
    if image.format == "PNG" or "progressive" in image.info:
        return MAX_PIXELS_WHOLE
    return MAX_PIXELS


def _decoded(image: Image.Image) -> tuple[Image.Image, datetime | None]:
    """Return the upright picture as red, green and blue, without anything beside its pixels.

    And when it was taken, which is read before the camera's words are dropped.
    """
    width, height = image.size
    if width * height > MAX_PIXELS_KEPT:
        # Only an ordinary JPEG gets here; it is decoded at half its size.
        image.draft(None, (width // 2, height // 2))
    image.load()
    stamp = _stamp(image)
    # In place, and each step drops what it was made from: two pictures at a time are in memory.
    ImageOps.exif_transpose(image, in_place=True)
    plain = _plain(image)
    plain.info.clear()
    return plain, stamp


def _stamp(image: Image.Image) -> datetime | None:
    """Return when the camera says that it took `image`; what it wrote wrongly says nothing."""
    try:
        # Read apart: the picture's own tags are written again when it is turned upright.
        tags = Image.Exif()
        tags.load(image.info.get("exif", b""))
        written = tags.get_ifd(ExifTags.IFD.Exif)
        taken = written.get(ExifTags.Base.DateTimeOriginal)
        offset = written.get(ExifTags.Base.OffsetTimeOriginal)
    except Exception:
        # A reader of tags raises whatever it stumbles over; the pixels are good all the same.
        return None
    return read_stamp(taken, str(offset or "")) if isinstance(taken, str) else None


def _plain(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):
        # 16 bits of grey; converting would cut off all but the darkest.
        image = image.point(lambda grey: grey / 256).convert("L")
    if image.has_transparency_data:
        layer = image.convert("RGBA")
        image.close()
        paper = Image.new("RGB", layer.size, PAPER)
        paper.paste(layer, mask=layer.getchannel("A"))
        return paper
    return image.convert("RGB") if image.mode != "RGB" else image


def _encoded(image: Image.Image) -> Picture:
    width, height = image.size
    content = _jpeg(image, QUALITY)
    image.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    thumbnail = _jpeg(image, THUMBNAIL_QUALITY)
    return Picture(content=content, thumbnail=thumbnail, width=width, height=height)


def _jpeg(image: Image.Image, quality: int) -> bytes:
    kept = BytesIO()
    nothing: dict[str, Any] = {"exif": b"", "icc_profile": None, "comment": b""}
    image.save(kept, "JPEG", quality=quality, **nothing)
    return kept.getvalue()
