"""Coded pixels that are copied: equal to the last byte, without what the policy does not keep."""

import json
import shutil
import struct
import subprocess
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import ExifTags, Image, JpegImagePlugin, PngImagePlugin

from tests.images.codec.test_metadata import (
    GPS,
    KEPT,
    PACKET,
    PERSONAL,
    PERSONAL_DETAILS,
    PREVIEW,
    SRGB,
    WIDE,
    full_exif,
    iptc_of,
    parts,
    with_preview,
)
from tests.images.factories import COPIED, done, picture, same_pixels
from tui_app.images.codec.blocks import DamagedBlockError, jpeg, png, webp
from tui_app.images.errors import ImageError
from tui_app.images.recipe import Metadata, Recipe

B, I = ExifTags.Base, ExifTags.IFD  # noqa: E741
ANEW = "its pixels were encoded anew"
ENDINGS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp"}
SECRETS = [
    b"Ann", "Ann".encode("utf-16-le"), b"SN-", b"UNIQUE", b"laptop", b"preview of", b"Jos",
    b"Rating", b"trailer", b"second picture",
]  # fmt: skip

JPEGS: dict[str, tuple[str, dict[str, Any]]] = {
    "444": ("RGB", {"subsampling": 0}),
    "422": ("RGB", {"subsampling": 1}),
    "420": ("RGB", {"subsampling": 2}),
    "grey": ("L", {}),
    "inks": ("CMYK", {}),
    "progressive": ("RGB", {"progressive": True}),
    "restarts": ("RGB", {"restart_marker_rows": 1}),
    "no conversion": ("RGB", {"keep_rgb": True}),
    "optimized": ("RGB", {"optimize": True, "quality": 31}),
}


def coded_jpeg(data: bytes) -> bytes:
    """All of a JPEG but what is about it: markers E0 to ED and EF, and comments."""
    at, found = 2, b""
    while data[at : at + 2] != b"\xff\xd9":
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if data[at + 1] == 0xDA:
            while data[end] != 0xFF or data[end + 1] in (0, *range(0xD0, 0xD8)):
                end += 1
        if not (0xE0 <= data[at + 1] <= 0xED or data[at + 1] in (0xEF, 0xFE)):
            found += data[at:end]
        at = end
    return found


def coded_png(data: bytes) -> list[bytes]:
    at, found = 8, []
    while at < len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        if kind in (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"acTL", b"fcTL", b"fdAT", b"IEND"):
            found.append(data[at : at + 12 + length])
        at += 12 + length
    return found


def webp_chunks(data: bytes) -> dict[bytes, bytes]:
    at = 12
    found: dict[bytes, bytes] = {}
    while at < len(data):
        kind, length = struct.unpack_from("<4sI", data, at)
        found[kind] = found.get(kind, b"") + data[at + 8 : at + 8 + length]
        at += 8 + length + length % 2
    assert int.from_bytes(data[4:8], "little") == len(data) - 8
    return found


def coded(data: bytes) -> object:
    if data[:2] == b"\xff\xd8":
        return coded_jpeg(data)
    if data[:4] == b"RIFF":
        meta = (b"VP8X", b"ICCP", b"EXIF", b"XMP ")
        return {kind: held for kind, held in webp_chunks(data).items() if kind not in meta}
    return coded_png(data)


def turned_exif(orientation: int) -> bytes:
    """Everything there is in EXIF, and an orientation."""
    exif = Image.Exif()
    exif.load(full_exif())
    exif[B.Orientation] = orientation
    for ifd in (I.Exif, I.GPSInfo):
        exif.get_ifd(ifd)
    return with_preview(exif.tobytes())


def jpeg_with_everything(kind: str, orientation: int = 6) -> bytes:
    """A JPEG with a preview, a JFIF thumbnail, XMP, IPTC, MPF, comments and a trailer."""
    mode, options = JPEGS[kind]
    plain = BytesIO()
    picture((97, 61), mode).save(plain, "JPEG", **options)
    more = [
        jpeg.Segment(jpeg.APP1, turned_exif(orientation)),
        jpeg.Segment(jpeg.APP1, jpeg.XMP + PACKET),
        jpeg.Segment(jpeg.APP13, jpeg.PHOTOSHOP + iptc_of(b"Ann at home")),
        jpeg.Segment(0xE0, b"JFXX\0\x10Ann's thumbnail"),
        jpeg.Segment(0xE4, b"Ann's own"),
        jpeg.Segment(jpeg.COM, b"by Ann Other"),
    ]
    return jpeg.with_segments(plain.getvalue(), more) + b"a trailer of Ann's"


def png_with_everything(mode: str = "RGB", orientation: int = 6) -> bytes:
    file, texts = BytesIO(), PngImagePlugin.PngInfo()
    texts.add_text("Author", "Ann Other")
    texts.add_itxt("XML:com.adobe.xmp", PACKET.decode())
    texts.add(b"tIME", struct.pack(">H5B", 2024, 7, 1, 10, 0, 0))
    image = picture((97, 61)).quantize(9) if mode == "P" else picture((97, 61), mode)
    options = {"transparency": bytes((0, 128, 255))} if mode == "P" else {}
    image.save(file, "PNG", pnginfo=texts, exif=turned_exif(orientation), dpi=(300, 300), **options)
    return file.getvalue() + b"a trailer of Ann's"


def webp_with_everything(mode: str = "RGB", orientation: int = 6, **options: Any) -> bytes:
    file = BytesIO()
    exif = turned_exif(orientation)
    picture((97, 61), mode).save(file, "WEBP", exif=exif, xmp=PACKET, **options)
    return file.getvalue() + b"a trailer of Ann's"


def with_everything(written: str, orientation: int = 6) -> bytes:
    if written == "JPEG":
        return jpeg_with_everything("444", orientation)
    if written == "PNG":
        return png_with_everything("RGB", orientation)
    return webp_with_everything("RGB", orientation)


def copied(
    data: bytes, folder: Path, recipe: Recipe = COPIED, written: str = "JPEG"
) -> tuple[bytes, Image.Image, list[str]]:
    """The output's bytes, the loaded output, and the notes."""
    (folder / "a").write_bytes(data)
    image, notes = done(folder / "a", folder / "out" / "a", recipe, written)
    return (folder / "out" / "a").read_bytes(), image, notes


def policy(metadata: Metadata) -> Recipe:
    return replace(COPIED, metadata=metadata)


def loaded(data: bytes) -> Image.Image:
    with Image.open(BytesIO(data)) as image:
        image.load()
    return image


def check_metadata(data: bytes, image: Image.Image, metadata: Metadata) -> None:
    """What an output of everything has under a policy."""
    ifd0, details, gps = parts(image)
    assert ifd0[B.Orientation] == 6
    assert PREVIEW not in data
    if metadata is Metadata.KEEP:
        assert {tag: ifd0[tag] for tag in KEPT | PERSONAL} == KEPT | PERSONAL
        assert {tag: details[tag] for tag in PERSONAL_DETAILS} == PERSONAL_DETAILS
        assert gps == GPS
        assert PACKET in data
        return
    assert [secret for secret in SECRETS if secret in data] == []
    assert gps == {}
    if metadata is Metadata.PRIVATE:
        assert {tag: ifd0[tag] for tag in KEPT} == KEPT
        assert details[B.LensModel] == "50mm"
    else:
        assert (set(ifd0), details) == ({B.Orientation}, {})


@pytest.mark.parametrize("metadata", Metadata)
@pytest.mark.parametrize("kind", JPEGS)
def test_the_coded_data_of_a_jpeg_are_equal(tmp_path: Path, kind: str, metadata: Metadata) -> None:
    source = jpeg_with_everything(kind)
    data, image, notes = copied(source, tmp_path, policy(metadata))
    assert coded(data) == coded(source)
    assert same_pixels(image, loaded(source))
    check_metadata(data, image, metadata)
    assert notes == ["18 bytes behind its end were left out"]
    if metadata is Metadata.KEEP:
        assert image.info["comment"] == b"by Ann Other"
        assert image.info["photoshop"][0x0404] == b"\x1c\x02\x78\0\x0bAnn at home"


@pytest.mark.parametrize("metadata", Metadata)
@pytest.mark.parametrize("mode", ["RGB", "L", "LA", "RGBA", "P", "1", "I;16"])
def test_the_pixels_of_a_png_are_equal(tmp_path: Path, mode: str, metadata: Metadata) -> None:
    source = png_with_everything(mode)
    data, image, notes = copied(source, tmp_path, policy(metadata), "PNG")
    assert coded(data) == coded(source.removesuffix(b"a trailer of Ann's"))
    assert same_pixels(image, loaded(source))
    check_metadata(data, image, metadata)
    assert notes == []
    assert (b"Author" in data) == (metadata is Metadata.KEEP)
    assert ("dpi" in image.info) == (metadata is not Metadata.STRIP)


@pytest.mark.parametrize("metadata", Metadata)
@pytest.mark.parametrize(
    ("mode", "options"), [("RGB", {}), ("RGB", {"lossless": True}), ("RGBA", {})], ids=str
)
def test_the_picture_of_a_webp_is_equal(
    tmp_path: Path, mode: str, options: dict[str, Any], metadata: Metadata
) -> None:
    source = webp_with_everything(mode, **options)
    data, image, notes = copied(source, tmp_path, policy(metadata), "WEBP")
    assert coded(data) == coded(source.removesuffix(b"a trailer of Ann's"))
    assert same_pixels(image, loaded(source))
    check_metadata(data, image, metadata)
    assert notes == []
    assert (b"XMP " in webp_chunks(data)) == (metadata is Metadata.KEEP)


def test_a_simple_webp_stays_one(tmp_path: Path) -> None:
    file = BytesIO()
    picture().save(file, "WEBP")
    for metadata in Metadata:
        assert copied(file.getvalue(), tmp_path, policy(metadata), "WEBP")[0] == file.getvalue()
        (tmp_path / "out" / "a").unlink()


@pytest.mark.parametrize("written", ENDINGS)
@pytest.mark.parametrize("metadata", Metadata)
def test_animations_are_copied_whole(tmp_path: Path, written: str, metadata: Metadata) -> None:
    if written == "JPEG":
        pytest.skip("there are none")
    file = BytesIO()
    frames = [Image.new("RGB", (60, 40), colour) for colour in ("red", "green", "blue")]
    frames[0].save(file, written, save_all=True, append_images=frames[1:], duration=70, loop=2)
    data, image, notes = copied(file.getvalue(), tmp_path, policy(metadata), written)
    assert (coded(data), notes) == (coded(file.getvalue()), [])
    assert (getattr(image, "n_frames", 1), image.info["loop"]) == (3, 2)


@pytest.mark.parametrize("written", ENDINGS)
@pytest.mark.parametrize("metadata", Metadata)
def test_it_is_seen_as_it_was(tmp_path: Path, written: str, metadata: Metadata) -> None:
    source = with_everything(written, 1)
    data, image, _ = copied(source, tmp_path, policy(metadata), written)
    assert image.getexif().get(B.Orientation, 1) == 1
    assert coded(data) == coded(source.removesuffix(b"a trailer of Ann's"))
    if metadata is Metadata.STRIP:
        assert dict(image.getexif()) == {}


@pytest.mark.parametrize("metadata", Metadata)
def test_an_orientation_that_xmp_alone_tells_stays(tmp_path: Path, metadata: Metadata) -> None:
    plain = BytesIO()
    picture().save(plain, "JPEG")
    source = jpeg.with_segments(plain.getvalue(), [jpeg.Segment(jpeg.APP1, jpeg.XMP + PACKET)])
    data, image, _ = copied(source, tmp_path, policy(metadata))
    assert coded(data) == coded(source)
    if metadata is Metadata.KEEP:
        assert image.info["xmp"] == PACKET
    else:
        assert dict(image.getexif()) == {B.Orientation: 6}


@pytest.mark.parametrize("written", ENDINGS)
@pytest.mark.parametrize("metadata", [Metadata.KEEP, Metadata.PRIVATE])
def test_a_profile_stays(tmp_path: Path, written: str, metadata: Metadata) -> None:
    file = BytesIO()
    picture().save(file, written, icc_profile=WIDE)
    data, image, notes = copied(file.getvalue(), tmp_path, policy(metadata), written)
    assert (image.info["icc_profile"], notes) == (WIDE, [])
    assert coded(data) == coded(file.getvalue())


@pytest.mark.parametrize("written", ENDINGS)
def test_strip_copies_what_is_in_srgb_and_converts_the_rest(tmp_path: Path, written: str) -> None:
    for profile, expected in ((SRGB, []), (WIDE, [ANEW])):
        file = BytesIO()
        picture().save(file, written, icc_profile=profile)
        data, image, notes = copied(file.getvalue(), tmp_path, policy(Metadata.STRIP), written)
        assert "icc_profile" not in image.info
        assert notes == expected
        assert (coded(data) == coded(file.getvalue())) == (not expected)
        (tmp_path / "out" / "a").unlink()


@pytest.mark.parametrize("written", ENDINGS)
def test_upright_turns_the_pixels_and_says_so(tmp_path: Path, written: str) -> None:
    recipe = replace(COPIED, upright=True)
    source = with_everything(written)
    data, image, notes = copied(source, tmp_path, recipe, written)
    assert image.size == (61, 97)
    assert image.getexif().get(B.Orientation, 1) == 1
    assert ANEW in notes
    (tmp_path / "out" / "a").unlink()
    source = with_everything(written, 1)
    data, _, notes = copied(source, tmp_path, recipe, written)
    assert ANEW not in notes
    assert coded(data) == coded(source.removesuffix(b"a trailer of Ann's"))


@pytest.mark.parametrize("sampling", [0, 1, 2])
@pytest.mark.parametrize("quality", [40, 93])
def test_what_is_encoded_anew_keeps_tables_and_sampling(
    tmp_path: Path, sampling: int, quality: int
) -> None:
    exif, file = Image.Exif(), BytesIO()
    exif[B.Orientation] = 3
    picture((96, 64)).save(file, "JPEG", quality=quality, subsampling=sampling, exif=exif)
    source = loaded(file.getvalue())
    data, image, notes = copied(file.getvalue(), tmp_path, replace(COPIED, upright=True))
    assert isinstance(image, JpegImagePlugin.JpegImageFile)
    assert isinstance(source, JpegImagePlugin.JpegImageFile)
    assert image.quantization == source.quantization
    assert JpegImagePlugin.get_sampling(image) == sampling
    assert notes == [ANEW]
    assert len(data) < 1.3 * len(file.getvalue())


def test_a_turned_jpegs_tables_are_turned_with_it(tmp_path: Path) -> None:
    exif, file = Image.Exif(), BytesIO()
    exif[B.Orientation] = 6
    picture((96, 64)).save(file, "JPEG", quality=60, subsampling=1, exif=exif)
    data, image, _ = copied(file.getvalue(), tmp_path, replace(COPIED, upright=True))
    before, after = loaded(file.getvalue()), loaded(data)
    assert isinstance(before, JpegImagePlugin.JpegImageFile)
    assert isinstance(after, JpegImagePlugin.JpegImageFile)
    one, other = before.quantization[0], after.quantization[0]
    assert [one[n % 8 * 8 + n // 8] for n in range(64)] == list(other)
    # 4:4:0 is not written: nothing is lost in full colours.
    assert JpegImagePlugin.get_sampling(image) == 0


@pytest.mark.parametrize("written", ENDINGS)
@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_a_file_that_is_cut_off_fails_by_its_name(
    tmp_path: Path, written: str, share: float
) -> None:
    file = BytesIO()
    Image.effect_noise((200, 150), 60).convert("RGB").save(file, written)
    data = file.getvalue()
    with pytest.raises(ImageError):
        copied(data[: int(share * len(data))], tmp_path, written=written)
    assert not (tmp_path / "out" / "a").exists()


def test_a_missing_end_marker_is_added(tmp_path: Path) -> None:
    source = jpeg_with_everything("444").removesuffix(b"a trailer of Ann's")
    data, _, notes = copied(source[:-2], tmp_path)
    assert coded(data) == coded(source)
    assert data.endswith(b"\xff\xd9")
    assert notes == ["its end marker was missing, and nothing else"]


def test_a_second_picture_is_left_out_and_it_is_said(tmp_path: Path) -> None:
    file = BytesIO()
    second = Image.new("RGB", (30, 20), "red")
    picture().save(file, "MPO", save_all=True, append_images=[second])
    for metadata in Metadata:
        data, image, notes = copied(file.getvalue(), tmp_path, policy(metadata))
        assert (image.format, notes) == ("JPEG", ["its second picture was left out"])
        assert coded(data) == coded(file.getvalue())
        assert jpeg.MPF not in data
        (tmp_path / "out" / "a").unlink()


def test_a_format_that_is_not_copied_is_encoded_anew_without_loss(tmp_path: Path) -> None:
    for ending, written in (("tif", "TIFF"), ("bmp", "BMP"), ("gif", "GIF")):
        source = picture().quantize(16)
        source.save(tmp_path / f"a.{ending}")
        output, notes = done(tmp_path / f"a.{ending}", tmp_path / "out" / ending, COPIED, written)
        assert (output.mode, notes) == ("P", [ANEW])
        assert same_pixels(output.convert("RGB"), source.convert("RGB"))


@pytest.mark.parametrize("at", range(2, 700, 3))
def test_damaged_segments_are_never_more_than_an_error(at: int) -> None:
    for copy, source in (
        (lambda data: jpeg.copied(data, []), jpeg_with_everything("420")),
        (lambda data: png.copied(data, [], looks=True), png_with_everything()),
        (webp.copied, webp_with_everything()),
    ):
        data = bytearray(source)
        data[at : at + 4] = b"\xff\xff\xff\xf0"
        try:
            assert len(copy(bytes(data))) <= len(source) + 30
        except DamagedBlockError:
            continue


@pytest.mark.skipif(not shutil.which("exiftool"), reason="exiftool is not installed")
@pytest.mark.parametrize("written", ENDINGS)
def test_exiftool_finds_nothing_after_strip(tmp_path: Path, written: str) -> None:
    plain, source = BytesIO(), tmp_path / f"a.{ENDINGS[written]}"
    picture().save(plain, written)
    source.write_bytes(plain.getvalue())
    tags = [
        "-EXIF:Orientation#=6", "-EXIF:Artist=Ann", "-EXIF:GPSLatitude=44", "-XMP:Creator=Ann",
        "-XMP:Rating=5", "-IPTC:By-line=Ann", "-Comment=by Ann", "-EXIF:UserComment=Ann",
    ]  # fmt: skip
    subprocess.run(
        ["exiftool", "-q", "-m", "-overwrite_original", *tags, str(source)],
        check=True, capture_output=True,
    )  # fmt: skip
    assert b"Ann" in source.read_bytes()
    output = tmp_path / "out" / source.name
    done(source, output, policy(Metadata.STRIP), written)
    told = subprocess.run(
        ["exiftool", "-j", "-G", "-n", "-a", str(output)], check=True, capture_output=True
    )
    (found,) = json.loads(told.stdout)
    about = {key: value for key, value in found.items() if key.startswith(("EXIF", "XMP", "IPTC"))}
    assert about.pop("EXIF:Orientation") == 6
    layout = (
        "EXIF:ResolutionUnit",
        "EXIF:XResolution",
        "EXIF:YResolution",
        "EXIF:YCbCrPositioning",
    )
    assert about.keys() <= set(layout)
    assert not {key for key in found if "Comment" in key or "Warning" in key}
    assert b"Ann" not in output.read_bytes()
    assert coded(output.read_bytes()) == coded(plain.getvalue())
