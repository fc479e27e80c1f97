"""Pictures and hostile files, made here: none is kept in the repository."""

import struct
import zlib
from io import BytesIO
from zipfile import ZipFile

from PIL import Image, ImageDraw, PngImagePlugin

SCRIPT = b"<script>alert('marker-of-a-script')</script>"
GPS = 0x8825


def saved(image, kind="JPEG", **options):
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def opened(content):
    image = Image.open(BytesIO(content))
    image.load()
    return image


def quarters(width=64, height=48):
    """A picture whose four corners differ, so that each way to turn it shows."""
    image = Image.new("RGB", (width, height))
    draw = ImageDraw.Draw(image)
    half_w, half_h = width // 2, height // 2
    colours = ((200, 30, 30), (30, 160, 40), (30, 60, 200), (220, 200, 40))
    places = ((0, 0), (half_w, 0), (0, half_h), (half_w, half_h))
    for colour, (x, y) in zip(colours, places, strict=True):
        draw.rectangle((x, y, x + half_w - 1, y + half_h - 1), fill=colour)
    return image


def jpeg(width=64, height=48, **options):
    return saved(quarters(width, height), **{"quality": 95, "subsampling": 0, **options})


def with_orientation(image, orientation):
    """A JPEG of `image` as a camera stores it that was held so."""
    undo = {
        1: None,
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }[orientation]
    stored = image if undo is None else image.transpose(undo)
    exif = Image.Exif()
    exif[0x0112] = orientation
    return saved(stored, "PNG", exif=exif)


def with_secrets():
    """A JPEG with a place, a comment with a script, a profile, and an archive behind it."""
    image = quarters()
    exif = Image.Exif()
    exif[0x010F] = "marker-of-a-maker"
    exif.get_ifd(GPS)[1] = "N"
    exif.get_ifd(GPS)[2] = (52.0, 30.0, 15.0)
    return (
        saved(image, exif=exif, comment=SCRIPT, icc_profile=b"marker-of-a-profile" * 8, quality=90)
        + zipped()
    )


def png_with_words():
    words = PngImagePlugin.PngInfo()
    words.add_text("Comment", SCRIPT.decode())
    words.add_itxt("XML:com.adobe.xmp", "marker-of-xmp", zip=True)
    return saved(quarters(), "PNG", pnginfo=words)


def zipped():
    file = BytesIO()
    with ZipFile(file, "w") as archive:
        archive.writestr("marker-of-an-archive.html", SCRIPT)
    return file.getvalue()


def png_chunk(kind, content):
    check = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)


def png_bomb(width=12_000, height=12_000):
    """A PNG of a few kilobytes that fills 400 MB and more once it is decoded."""
    packer = zlib.compressobj(9)
    row = b"\0" + b"\0" * width * 3
    content = b"".join(packer.compress(row) for _number in range(height)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + png_chunk(b"IHDR", header)
        + png_chunk(b"IDAT", content)
        + png_chunk(b"IEND", b"")
    )


def png_that_promises(width, height):
    """A PNG with nothing but a header that names a size."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", header) + png_chunk(b"IDAT", b"")


def webp_that_promises(width, height):
    """An extended WebP that names its canvas and holds nothing else."""
    sizes = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    chunk = b"VP8X" + struct.pack("<I", 10) + b"\0\0\0\0" + sizes
    return b"RIFF" + struct.pack("<I", len(chunk) + 4) + b"WEBP" + chunk


def moving(kind):
    frames = [quarters(), quarters().transpose(Image.Transpose.ROTATE_180)]
    return saved(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)


def phone_jpeg():
    """A JPEG with a second picture for bright screens behind the first, as phones make it."""
    return saved(quarters(), "MPO", save_all=True, append_images=[Image.new("RGB", (8, 8))])


def stamped(taken, offset="", kind="JPEG"):
    """A picture whose camera says when it took it."""
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = taken
    if offset:
        exif.get_ifd(0x8769)[0x9011] = offset
    exif[0x0112] = 6
    return saved(quarters(), kind, exif=exif)
