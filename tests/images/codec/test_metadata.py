from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import ExifTags, Image, ImageChops, ImageCms, PngImagePlugin

from tests.images.factories import NOTHING, done, picture, same_pixels
from tui_app.images.codec.blocks import jpeg, photoshop, tiff
from tui_app.images.codec.colour import is_srgb
from tui_app.images.recipe import Metadata

B, I = ExifTags.Base, ExifTags.IFD  # noqa: E741

PREVIEW = b"\xff\xd8preview of the source\xff\xd9"

PERSONAL = {
    B.Artist: "Ann Other",
    B.Copyright: "(c) Ann Other",
    B.HostComputer: "ann-laptop",
    B.ImageDescription: "Ann at home",
    B.XPAuthor: "Ann Other".encode("utf-16-le"),
}
PERSONAL_DETAILS = {
    B.BodySerialNumber: "SN-1234",
    B.LensSerialNumber: "LSN-5678",
    B.CameraOwnerName: "Ann Owner",
    B.MakerNote: b"NOTE with SN-1234 in it",
    B.ImageUniqueID: "UNIQUE-9",
    B.UserComment: b"ASCII\0\0\0Ann's comment",
}
KEPT = {B.Make: "Maker", B.Model: "M-1", B.DateTime: "2024:07:01 10:00:00"}
KEPT_DETAILS = {
    B.ExposureTime: 0.01,
    B.LensModel: "50mm",
    B.DateTimeOriginal: "2024:07:01 10:00:00",
}
GPS = {1: "N", 2: (44.0, 26.0, 8.0), 3: "E", 4: (26.0, 6.0, 9.0)}


def full_exif() -> bytes:
    exif = Image.Exif()
    for tag, value in (KEPT | PERSONAL).items():
        exif[tag] = value
    exif[B.Orientation] = 1
    sizes = {B.ExifImageWidth: 96, B.ExifImageHeight: 64}
    exif[I.Exif] = KEPT_DETAILS | PERSONAL_DETAILS | sizes | {I.Interop: {1: "R98"}}
    exif[I.GPSInfo] = GPS
    return exif.tobytes()


def with_preview(data: bytes) -> bytes:
    """Append IFD1 with a preview: Pillow does not write one (TIFF 6.0, section 2)."""
    head, tiff = data[:6], bytearray(data[6:])
    first = int.from_bytes(tiff[4:8], "big")
    entries = int.from_bytes(tiff[first : first + 2], "big")
    pointer = first + 2 + 12 * entries
    second = len(tiff)
    tiff[pointer : pointer + 4] = second.to_bytes(4, "big")
    tags = [(513, 4, second + 2 + 24 + 4), (514, 4, len(PREVIEW))]
    tiff += len(tags).to_bytes(2, "big")
    for tag, kind, value in tags:
        tiff += tag.to_bytes(2, "big") + kind.to_bytes(2, "big")
        tiff += (1).to_bytes(4, "big") + value.to_bytes(4, "big")
    return bytes(head + tiff + bytes(4) + PREVIEW)


def wide_profile() -> bytes:
    """An RGB profile that is not sRGB: sRGB's with red and green exchanged."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    for n in range(int.from_bytes(data[128:132], "big")):
        at = 132 + 12 * n
        name = bytes(data[at : at + 4])
        data[at : at + 4] = {b"rXYZ": b"gXYZ", b"gXYZ": b"rXYZ"}.get(name, name)
    return bytes(data).replace("sRGB".encode("utf-16-be"), "Wide".encode("utf-16-be"))


SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
WIDE = wide_profile()


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A JPEG that has everything."""
    file = tmp_path / "a.jpg"
    picture().save(
        file, exif=with_preview(full_exif()), icc_profile=WIDE, comment=b"by Ann Other", quality=95
    )
    with Image.open(file) as image:
        exif = image.getexif()
        assert exif.get_ifd(I.IFD1)[514] == len(PREVIEW)
        assert exif.get_ifd(I.GPSInfo)[1] == "N"
    return file


def parts(image: Image.Image) -> tuple[dict[int, Any], dict[int, Any], dict[int, Any]]:
    exif = image.getexif()
    return dict(exif), exif.get_ifd(I.Exif), exif.get_ifd(I.GPSInfo)


@pytest.mark.parametrize("written", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
def test_keep_has_everything_but_the_preview(tmp_path: Path, source: Path, written: str) -> None:
    recipe = replace(NOTHING, fit=(48, 48))
    output, notes = done(source, tmp_path / "out" / "a", recipe, written)
    ifd0, details, gps = parts(output)
    assert {tag: ifd0[tag] for tag in KEPT | PERSONAL} == KEPT | PERSONAL
    assert {tag: details[tag] for tag in PERSONAL_DETAILS} == PERSONAL_DETAILS
    assert details[B.LensModel] == "50mm"
    assert details[B.ExposureTime] == pytest.approx(0.01)
    assert gps == GPS
    assert output.info["icc_profile"] == WIDE
    assert (details[B.ExifImageWidth], details[B.ExifImageHeight]) == (48, 32)
    data = (tmp_path / "out" / "a").read_bytes()
    assert PREVIEW not in data
    assert output.getexif().get_ifd(I.IFD1) == {}
    # Of a closed TIFF Pillow reads no more.
    if written != "TIFF":
        assert output.getexif().get_ifd(I.Interop) == {1: "R98"}
    if written == "JPEG":
        assert output.info["comment"] == b"by Ann Other"
        assert notes == []
    else:
        assert notes == [f"{written} carries no comments: left out"]


@pytest.mark.parametrize("written", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
def test_private_says_neither_who_nor_where(tmp_path: Path, source: Path, written: str) -> None:
    recipe = replace(NOTHING, metadata=Metadata.PRIVATE)
    output, _ = done(source, tmp_path / "out" / "a", recipe, written)
    ifd0, details, gps = parts(output)
    assert {tag: ifd0[tag] for tag in KEPT} == KEPT
    assert details[B.LensModel] == "50mm"
    assert details[B.DateTimeOriginal] == KEPT_DETAILS[B.DateTimeOriginal]
    assert output.info["icc_profile"] == WIDE
    assert gps == {}
    assert I.GPSInfo not in ifd0
    assert not set(PERSONAL) & set(ifd0)
    assert not set(PERSONAL_DETAILS) & set(details)
    data = (tmp_path / "out" / "a").read_bytes()
    secrets = [b"Ann", "Ann".encode("utf-16-le"), b"SN-", b"UNIQUE", b"laptop", b"preview of"]
    assert [secret for secret in secrets if secret in data] == []


@pytest.mark.parametrize("written", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
def test_strip_has_nothing_and_the_colours_of_srgb(
    tmp_path: Path, source: Path, written: str
) -> None:
    recipe = replace(NOTHING, metadata=Metadata.STRIP)
    output, notes = done(source, tmp_path / "out" / "a", recipe, written)
    ifd0, details, gps = parts(output)
    assert not set(KEPT | PERSONAL) & set(ifd0)
    assert (details, gps, notes) == ({}, {}, [])
    assert "icc_profile" not in output.info
    with Image.open(source) as image:
        expected = ImageCms.profileToProfile(
            image, ImageCms.ImageCmsProfile(BytesIO(WIDE)), ImageCms.createProfile("sRGB")
        )
        assert expected is not None
        assert not same_pixels(expected, image)
    if written in ("PNG", "TIFF"):
        assert same_pixels(output, expected)


def test_strip_leaves_srgb_pixels_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert is_srgb(SRGB)
    monkeypatch.delattr(ImageCms, "profileToProfile")
    picture().save(tmp_path / "a.png", icc_profile=SRGB)
    recipe = replace(NOTHING, metadata=Metadata.STRIP)
    output, _ = done(tmp_path / "a.png", tmp_path / "out" / "a.png", recipe, "PNG")
    assert same_pixels(output, picture())


def test_a_profile_that_cannot_be_used_is_not_fatal(tmp_path: Path) -> None:
    broken = WIDE[:132] + bytes(len(WIDE) - 132)
    picture().save(tmp_path / "a.png", icc_profile=broken)
    recipe = replace(NOTHING, metadata=Metadata.STRIP)
    output, notes = done(tmp_path / "a.png", tmp_path / "out" / "a.png", recipe, "PNG")
    assert same_pixels(output, picture())
    assert notes == ["its colour profile could not be applied, so colours may look different"]


@pytest.mark.parametrize(
    "profile",
    [b"no profile", WIDE[:36] + b"what" + WIDE[40:], WIDE[:16] + b"CMYK" + WIDE[20:]],
    ids=["nothing", "no signature", "other colours"],
)
def test_a_profile_that_is_none_is_left_out_and_it_is_said(tmp_path: Path, profile: bytes) -> None:
    picture().save(tmp_path / "a.jpg", icc_profile=profile)
    output, notes = done(tmp_path / "a.jpg", tmp_path / "out" / "a.jpg")
    assert "icc_profile" not in output.info
    assert notes == ["its colour profile is damaged or of other colours, and was left out"]


@pytest.mark.parametrize("mode", ["LA", "RGBA"])
def test_alpha_stays_through_a_profile(tmp_path: Path, mode: str) -> None:
    profile = WIDE if mode == "RGBA" else WIDE[:16] + b"GRAY" + WIDE[20:]
    image = picture(mode=mode)
    image.save(tmp_path / "a.png", icc_profile=profile)
    recipe = replace(NOTHING, metadata=Metadata.STRIP)
    output, _ = done(tmp_path / "a.png", tmp_path / "out" / "a.png", recipe, "PNG")
    assert output.mode == mode
    assert same_pixels(output.getchannel("A"), image.getchannel("A"))


def test_a_profile_that_does_not_fit_the_mode_is_dropped(tmp_path: Path, source: Path) -> None:
    recipe = replace(NOTHING, grayscale=True)
    output, _ = done(source, tmp_path / "out" / "a.jpg", recipe)
    assert output.mode == "L"
    assert "icc_profile" not in output.info
    assert parts(output)[0][B.Make] == "Maker"


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("written", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_images_are_turned_upright_once(tmp_path: Path, orientation: int, written: str) -> None:
    upright = picture((96, 64))
    undone = [
        None,
        Image.Transpose.FLIP_LEFT_RIGHT,
        Image.Transpose.ROTATE_180,
        Image.Transpose.FLIP_TOP_BOTTOM,
        Image.Transpose.TRANSPOSE,
        Image.Transpose.ROTATE_90,
        Image.Transpose.TRANSVERSE,
        Image.Transpose.ROTATE_270,
    ][orientation - 1]
    stored = upright if undone is None else upright.transpose(undone)
    exif = Image.Exif()
    exif[B.Make], exif[B.Orientation] = "Maker", orientation
    options = {"lossless": True} if written == "WEBP" else {}
    stored.save(tmp_path / "a", written, exif=exif, **options)
    output, notes = done(tmp_path / "a", tmp_path / "out" / "a", written=written)
    assert output.size == (96, 64)
    assert B.Orientation not in output.getexif()
    assert output.getexif()[B.Make] == "Maker"
    difference = ImageChops.difference(output, upright)
    assert max(high for _, high in difference.getextrema()) < 25  # type: ignore[misc]
    assert notes == []


@pytest.mark.parametrize(
    "data",
    [
        b"Exif\0\0garbage that is no TIFF",
        b"Exif\0\0MM\0*\0\0\0\x08\xff\xff",
        b"Exif\0\0",
        full_exif()[:60],
        full_exif()[:200],
    ],
    ids=["no tiff", "no tags", "nothing", "cut early", "cut late"],
)
@pytest.mark.parametrize("policy", Metadata)
@pytest.mark.filterwarnings("ignore")
def test_damaged_exif_is_never_fatal(tmp_path: Path, data: bytes, policy: Metadata) -> None:
    picture().save(tmp_path / "a.jpg", exif=data)
    recipe = replace(NOTHING, metadata=policy)
    output, _ = done(tmp_path / "a.jpg", tmp_path / "out" / "a.jpg", recipe)
    assert output.size == (96, 64)


def test_of_exif_that_a_jpeg_cannot_carry_the_maker_note_is_left_out(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[B.Make] = "Maker"
    exif[I.Exif] = {B.MakerNote: b"x" * 70_000, B.DateTimeOriginal: "2024:05:01 10:00:00"}
    exif[I.GPSInfo] = GPS
    picture().save(tmp_path / "a.png", exif=exif)
    output, notes = done(tmp_path / "a.png", tmp_path / "out" / "a.jpg")
    ifd0, details, gps = parts(output)
    assert (ifd0[B.Make], details, gps) == (
        "Maker",
        {B.DateTimeOriginal: "2024:05:01 10:00:00"},
        GPS,
    )
    assert notes == [
        "its camera's own note is larger than a JPEG can carry (64 KB) and was left out"
    ]
    output, notes = done(tmp_path / "a.png", tmp_path / "out" / "a.png", written="PNG")
    assert len(parts(output)[1][B.MakerNote]) == 70_000
    assert notes == []


def test_exif_that_is_too_large_without_it_is_left_out_and_it_is_said(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[B.ImageDescription] = "x" * 70_000
    picture().save(tmp_path / "a.png", exif=exif)
    output, notes = done(tmp_path / "a.png", tmp_path / "out" / "a.jpg")
    assert dict(output.getexif()) == {}
    assert notes == ["its EXIF is larger than a JPEG can carry (64 KB) and was left out"]


def test_a_format_without_exif_says_so(tmp_path: Path, source: Path) -> None:
    _, notes = done(source, tmp_path / "out" / "a.bmp", written="BMP")
    assert notes == [
        "BMP carries no colour profile: colours were converted to sRGB",
        "BMP carries no EXIF, comments: left out",
    ]
    picture().save(tmp_path / "plain.jpg")
    assert done(tmp_path / "plain.jpg", tmp_path / "out" / "b.bmp", written="BMP")[1] == []


def test_a_tiffs_own_layout_is_not_carried_as_exif(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[B.Make] = "Maker"
    picture().save(tmp_path / "a.tif", exif=exif)
    output, _ = done(tmp_path / "a.tif", tmp_path / "out" / "a.jpg")
    assert dict(output.getexif()) == {B.Make: "Maker"}
    output, _ = done(tmp_path / "a.tif", tmp_path / "out" / "a.tif", written="TIFF")
    assert same_pixels(output, picture())
    assert output.getexif()[B.Make] == "Maker"


PACKET = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description xmp:Rating="5" tiff:Orientation="6"'
    b' exif:PixelXDimension="96">Jos\xc3\xa9 Other</rdf:Description></x:xmpmeta>'
)
UPRIGHT_PACKET = PACKET.replace(b'tion="6"', b'tion="1"')


def iptc_of(text: bytes) -> bytes:
    """Image resources with a caption, and with a preview of the source."""
    records = b"\x1c\x02\x78" + len(text).to_bytes(2, "big") + text
    preview = b"8BIM\x04\x0c\0\0" + len(PREVIEW).to_bytes(4, "big") + PREVIEW
    return photoshop.from_iptc(records) + preview + b"\0" * (len(PREVIEW) % 2)


@pytest.fixture
def annotated(tmp_path: Path) -> Path:
    """A JPEG with XMP, IPTC, a comment and a resolution."""
    plain = BytesIO()
    picture().save(plain, "JPEG", dpi=(300, 240), quality=95)
    more = [
        jpeg.Segment(jpeg.APP1, jpeg.XMP + PACKET),
        jpeg.Segment(jpeg.APP13, jpeg.PHOTOSHOP + iptc_of(b"Ann at home")),
        jpeg.Segment(jpeg.COM, "Café Ann".encode("latin-1")),
    ]
    file = tmp_path / "annotated.jpg"
    file.write_bytes(jpeg.with_segments(plain.getvalue(), more))
    return file


def test_what_stands_beside_exif_is_kept_byte_for_byte(tmp_path: Path, annotated: Path) -> None:
    output, notes = done(annotated, tmp_path / "out" / "a.jpg")
    data = (tmp_path / "out" / "a.jpg").read_bytes()
    # XMP alone says how it is to be turned: it is upright now, and says so.
    assert output.size == (64, 96)
    assert output.info["xmp"] == UPRIGHT_PACKET.replace(b"96", b"64")
    assert output.info["photoshop"][0x0404] == b"\x1c\x02\x78\0\x0bAnn at home"
    assert output.info["comment"] == "Café Ann".encode("latin-1")
    assert output.info["dpi"] == (300, 240)
    assert PREVIEW not in data
    assert notes == []


@pytest.mark.parametrize("written", ["PNG", "WEBP", "TIFF", "AVIF"])
def test_what_a_format_can_hold_of_it_is_kept_and_the_rest_is_said(
    tmp_path: Path, annotated: Path, written: str
) -> None:
    output, notes = done(annotated, tmp_path / "out" / "a", written=written)
    assert output.info["xmp"] == UPRIGHT_PACKET.replace(b"96", b"64")
    if written == "TIFF":
        assert b"\x1c\x02\x78\0\x0bAnn at home" in (tmp_path / "out" / "a").read_bytes()
        assert notes == ["TIFF carries no comments: left out"]
    elif written == "PNG":
        assert notes == ["PNG carries no IPTC, comments: left out"]
    else:
        assert notes == [f"{written} carries no IPTC, comments, resolution: left out"]
    if written in ("PNG", "TIFF"):
        assert output.info["dpi"] == pytest.approx((300, 240), abs=0.01)


@pytest.mark.parametrize("policy", [Metadata.PRIVATE, Metadata.STRIP])
@pytest.mark.parametrize("written", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
def test_nothing_of_it_is_left_where_it_is_not_to_be_kept(
    tmp_path: Path, annotated: Path, policy: Metadata, written: str
) -> None:
    done(annotated, tmp_path / "out" / "a", replace(NOTHING, metadata=policy), written)
    data = (tmp_path / "out" / "a").read_bytes()
    assert [word for word in (b"Ann", b"Jos", b"Rating", b"preview of") if word in data] == []


def test_xmp_and_iptc_of_a_tiff_are_kept(tmp_path: Path) -> None:
    tags = {700: b"<x>Ann Other</x>", 34377: iptc_of(b"at home")}
    picture().save(tmp_path / "a.tif", tiffinfo=tags, dpi=(200, 200))
    for written in ("TIFF", "JPEG"):
        output, notes = done(tmp_path / "a.tif", tmp_path / "out" / written, written=written)
        data = (tmp_path / "out" / written).read_bytes()
        assert b"<x>Ann Other</x>" in data
        assert b"at home" in data
        assert PREVIEW not in data
        assert notes == []
        assert output.info["dpi"] == (200, 200)


def test_texts_of_a_png_are_kept_in_a_png(tmp_path: Path) -> None:
    from PIL.PngImagePlugin import PngInfo

    texts = PngInfo()
    texts.add_text("Author", "Ann Óther")
    texts.add_text("Comment", "long " * 100, zip=True)
    texts.add_itxt("XML:com.adobe.xmp", "<x>日本</x>")
    picture().save(tmp_path / "a.png", pnginfo=texts)
    output, notes = done(tmp_path / "a.png", tmp_path / "out" / "a.png", written="PNG")
    assert isinstance(output, PngImagePlugin.PngImageFile)
    assert output.text["Author"] == "Ann Óther"
    assert output.text["Comment"] == "long " * 100
    assert output.info["xmp"] == "<x>日本</x>".encode()
    assert notes == []
    _, notes = done(tmp_path / "a.png", tmp_path / "out" / "a.jpg")
    assert notes == ["JPEG carries no texts: left out"]
    for policy in (Metadata.PRIVATE, Metadata.STRIP):
        recipe = replace(NOTHING, metadata=policy)
        done(tmp_path / "a.png", tmp_path / "out" / "b.png", recipe, "PNG")
        data = (tmp_path / "out" / "b.png").read_bytes()
        assert not [word for word in (b"Author", b"long", b"xmp") if word in data]


@pytest.mark.parametrize("text", ["José ©", "日本の写真"])
@pytest.mark.parametrize("written", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
def test_text_of_any_encoding_stays_as_it_is(tmp_path: Path, text: str, written: str) -> None:
    encoded = text.encode() + b"\0"
    ifd = tiff.Ifd(">", {B.ImageDescription: tiff.Value(2, encoded)})
    block = b"Exif\0\0" + tiff.to_exif(ifd)
    picture().save(tmp_path / "a.jpg", exif=block)
    done(tmp_path / "a.jpg", tmp_path / "out" / "a", written=written)
    assert encoded in (tmp_path / "out" / "a").read_bytes()


@pytest.mark.parametrize(("kind", "dpi"), [("JPEG", 300), ("PNG", 300), ("TIFF", 300.5)])
@pytest.mark.parametrize("written", ["JPEG", "PNG", "TIFF", "BMP"])
def test_the_resolution_is_kept(tmp_path: Path, kind: str, dpi: float, written: str) -> None:
    picture().save(tmp_path / "a", kind, dpi=(dpi, dpi))
    output, _ = done(tmp_path / "a", tmp_path / "out" / "a", written=written)
    assert output.info["dpi"] == pytest.approx((dpi, dpi), abs=0.51)
    _, notes = done(tmp_path / "a", tmp_path / "out" / "a.webp", written="WEBP")
    # EXIF, which a TIFF's own folder becomes, says it as well.
    assert notes == ([] if kind == "TIFF" else ["WEBP carries no resolution: left out"])
