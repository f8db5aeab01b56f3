"""Files that other tools made: what they look like, and what they carry, before and after.

    python -m tests.benchmarks.other_tools [--keep DIR] [--only WORD]

Run by hand, where ImageMagick 6, vips, cwebp, tiffcp, cjpeg, jpegtran and exiftool are installed
(Debian: imagemagick libvips-tools webp libtiff-tools libjpeg-turbo-progs libimage-exiftool-perl
icc-profiles-free). They make some 300 files, in the modes, depths, compressions, profiles and
orientations that each can write. Each file goes through the product:

- as a PNG in sRGB (`strip`): its pixels are what ImageMagick sees in the source, turned upright and
  converted by its own colour management, within a level or at 45 dB;
- in its own format with `keep`: exiftool tells the same of both, but for orientation, sizes and
  previews, or what is missing is in a note;
- with `private` and `strip`: exiftool tells no place, person, number or block that must be gone.

Prints what differs; ends with 1 where something does.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from tests.images.factories import psnr
from tui_app.images.codec.orientation import upright

ICC = Path("/usr/share/color/icc")
ENOUGH_DB = 45.0

ADOBE = str(ICC / "compatibleWithAdobeRGB1998.icc")
PROFILES = {
    "adobe": ADOBE,
    "prophoto": str(ICC / "ghostscript/rommrgb.icc"),
    "scrgb": str(ICC / "ghostscript/scrgb.icc"),
    "srgb": str(ICC / "sRGB.icc"),
}
GREY_PROFILE = str(ICC / "Gray.icc")
CMYK_PROFILE = str(ICC / "ghostscript/default_cmyk.icc")
SRGB = PROFILES["srgb"]

PERSONAL = [
    "-EXIF:Artist=José Ünal",
    "-EXIF:Copyright=© 日本",
    "-EXIF:ImageDescription=Café",
    "-EXIF:Make=Maker",
    "-EXIF:Model=M-1",
    "-EXIF:LensModel=50mm",
    "-EXIF:DateTimeOriginal=2024:05:01 10:00:00",
    "-EXIF:SerialNumber=SN-1234",
    "-EXIF:LensSerialNumber=LSN-9",
    "-EXIF:OwnerName=Ann Other",
    "-EXIF:UserComment=a comment by Ann",
    "-EXIF:GPSLatitude=44.4",
    "-EXIF:GPSLatitudeRef=N",
    "-EXIF:GPSLongitude=26.1",
    "-EXIF:GPSLongitudeRef=E",
    "-EXIF:XResolution=300",
    "-EXIF:YResolution=300",
    "-XMP:Rating=5",
    "-XMP:Creator=Ann Other",
    "-XMP:Title=日本の写真",
    "-XMP-exif:GPSLatitude=44.4",
    "-IPTC:Caption-Abstract=A caption",
    "-IPTC:Keywords=holiday",
    "-IPTC:By-line=Ann Other",
]


@dataclass(frozen=True, slots=True)
class Made:
    """A file that a tool made, and by which words."""

    file: Path
    words: Sequence[str]


def run(*words: object) -> bool:
    """Runs a tool; whether it did it."""
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True)
    return done.returncode == 0


class Maker:
    """Makes files in a folder, and tells which tools could not."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.made: list[Made] = []
        self.refused: list[str] = []

    def by(self, name: str, *words: object) -> Path | None:
        """One file: `{}` in the words stands for it."""
        file = self.folder / name
        filled = [str(word).replace("{}", str(file)) for word in words]
        if run(*filled) and file.exists() and file.stat().st_size:
            self.made.append(Made(file, filled))
            return file
        self.refused.append(name)
        return None


def bases(folder: Path) -> dict[str, Path]:
    """Pictures to begin with: a scene of many colours, 240 x 160, as PNG of 8 and 16 bits."""
    folder.mkdir()
    found = {name: folder / f"{name}.png" for name in ("colour", "deep", "grey", "alpha", "few")}
    scene = [
        "-size",
        "240x160",
        "plasma:tomato-steelblue",
        "-seed",
        "3",
        "-swirl",
        "60",
        "-auto-level",
    ]
    run("convert", "-seed", "3", *scene, "-depth", "16", found["deep"])
    run("convert", found["deep"], "-depth", "8", "-strip", f"PNG24:{found['colour']}")
    run("convert", found["colour"], "-colorspace", "Gray", "-depth", "8", "-strip", found["grey"])
    mask = ["(", "-size", "240x160", "gradient:", ")", "-compose", "CopyOpacity", "-composite"]
    run("convert", found["colour"], *mask, "-depth", "8", f"PNG32:{found['alpha']}")
    run("convert", found["colour"], "-colors", "12", "+dither", f"PNG8:{found['few']}")
    return found


def make(maker: Maker, base: dict[str, Path]) -> None:
    """All files."""
    colour, deep, grey, alpha, few = (base[n] for n in ("colour", "deep", "grey", "alpha", "few"))
    by = maker.by
    # ImageMagick: modes and depths.
    for ending in ("png", "tif", "jp2", "pgm", "psd"):
        for depth in (8, 16):
            by(f"grey{depth}.{ending}", "convert", grey, "-depth", depth, "{}")
    for ending in ("png", "tif", "ppm", "psd", "jp2", "sgi"):
        for depth in (8, 16):
            by(
                f"colour{depth}.{ending}",
                "convert",
                deep,
                "-depth",
                depth,
                "-type",
                "TrueColor",
                "{}",
            )
    for ending in ("png", "tif", "psd", "tga", "webp", "sgi", "jp2"):
        by(f"alpha.{ending}", "convert", alpha, "{}")
    for ending in ("png", "tif", "gif", "bmp", "tga", "pcx"):
        by(f"few.{ending}", "convert", few, "-type", "Palette", "{}")
        by(f"bits.{ending}", "convert", grey, "-threshold", "50%", "-type", "Bilevel", "{}")
    for depth in (1, 2, 4):
        by(f"grey{depth}.png", "convert", grey, "-colors", 2**depth, "-depth", depth, "{}")
    for kind in (0, 2, 3, 4, 6):
        by(f"type{kind}.png", "convert", alpha, "-define", f"png:color-type={kind}", "{}")
    by("interlaced.png", "convert", colour, "-interlace", "PNG", "{}")
    by("tRNS.png", "convert", few, "-transparent", "white", "PNG8:{}")
    for gamma in ("0.45455", "1.0", "0.55"):
        by(
            f"gamma{gamma}.png",
            "convert",
            colour,
            "-strip",
            "-set",
            "gamma",
            gamma,
            "-define",
            "png:include-chunk=gAMA",
            "{}",
        )
    # Compressions of TIFF, by ImageMagick and by libtiff.
    for how in ("None", "LZW", "Zip", "RLE", "JPEG", "ZSTD", "LZMA"):
        for name, source in (("colour", colour), ("grey", grey), ("alpha", alpha), ("few", few)):
            by(f"{name}-{how}.tif", "convert", source, "-compress", how, "{}")
    for how in ("Group4", "Fax", "LZW", "Zip", "RLE", "None"):
        by(
            f"bits-{how}.tif",
            "convert",
            grey,
            "-threshold",
            "50%",
            "-type",
            "Bilevel",
            "-compress",
            how,
            "{}",
        )
    plain = by("plain.tif", "convert", colour, "-compress", "None", "{}")
    for name, words in {
        "big-endian": ["-B"],
        "little-endian": ["-L"],
        "tiles": ["-t", "-w", "64", "-l", "64"],
        "planes": ["-p", "separate"],
        "strips": ["-s", "-r", "7"],
        "lzw-predictor": ["-c", "lzw:2"],
        "zip-predictor": ["-c", "zip:2"],
        "packbits": ["-c", "packbits"],
        "bigtiff": ["-8"],
        "jpeg-planes": ["-c", "jpeg:90"],
        "fill": ["-f", "lsb2msb"],
    }.items():
        by(f"libtiff-{name}.tif", "tiffcp", *words, plain, "{}")
    # JPEG by three encoders.
    for quality in (30, 75, 92, 100):
        for sampling in ("1x1", "2x1", "2x2", "1x2", "4x1"):
            by(
                f"q{quality}-{sampling}.jpg",
                "convert",
                colour,
                "-quality",
                quality,
                "-sampling-factor",
                sampling,
                "{}",
            )
    for name, words in {
        "progressive": ["-interlace", "Plane"],
        "optimized": ["-define", "jpeg:optimize-coding=on"],
        "grey": ["-colorspace", "Gray"],
        "comment": ["-set", "comment", "Café by Ann"],
        "density": ["-density", "300x150", "-units", "PixelsPerInch"],
        "density-cm": ["-density", "118x118", "-units", "PixelsPerCentimeter"],
    }.items():
        by(f"im-{name}.jpg", "convert", colour, *words, "{}")
    ppm = by("plain.ppm", "convert", colour, "-depth", "8", "{}")
    for name, words in {
        "baseline": [],
        "progressive": ["-progressive"],
        "grey": ["-grayscale"],
        "rgb": ["-rgb"],
        "restart": ["-restart", "1"],
        "restart-blocks": ["-restart", "4B"],
        "arithmetic": ["-arithmetic"],
        "smooth": ["-smooth", "30"],
        "444": ["-sample", "1x1"],
        "q100": ["-quality", "100"],
    }.items():
        by(f"turbo-{name}.jpg", "cjpeg", *words, "-outfile", "{}", ppm)
    turned = by("for-turning.jpg", "cjpeg", "-quality", "95", "-outfile", "{}", ppm)
    turns = ["-rotate 90", "-rotate 180", "-rotate 270", "-flip horizontal", "-flip vertical"]
    turns += ["-transpose", "-transverse", "-grayscale", "-crop 64x64+16+16", "-progressive"]
    turns += ["-optimize", "-arithmetic"]
    for turn in turns:
        by(
            f"jpegtran{turn.replace(' ', '')}.jpg",
            "jpegtran",
            *turn.split(),
            "-outfile",
            "{}",
            turned,
        )
    # WebP by its own tool and by ImageMagick; vips for what it writes.
    for name, words in {
        "lossy": ["-q", "80"],
        "q100": ["-q", "100"],
        "lossless": ["-lossless"],
        "near": ["-near_lossless", "60"],
        "exact": ["-lossless", "-exact"],
        "sharp": ["-sharp_yuv", "-q", "90"],
        "alpha-q": ["-alpha_q", "50"],
        "slow": ["-m", "6", "-segments", "1"],
        "hardest": ["-z", "9"],
    }.items():
        for base_name, source in (("colour", colour), ("alpha", alpha)):
            by(f"cwebp-{base_name}-{name}.webp", "cwebp", "-quiet", *words, source, "-o", "{}")
    for name, options in {
        "tif": [
            "compression=lzw",
            "compression=deflate,predictor=horizontal",
            "tile",
            "bigtiff",
            "pyramid,tile",
            "compression=jpeg,Q=95",
            "compression=webp,lossless",
            "compression=zstd",
            "bitdepth=1,compression=ccittfax4",
        ],
        "png": ["compression=9", "interlace", "palette", "bitdepth=4,palette"],
        "jpg": ["Q=95", "interlace", "optimize-coding", "subsample-mode=off", "no-subsample"],
        "webp": ["Q=90", "lossless", "near-lossless,Q=60", "smart-subsample"],
        "jp2": ["lossless", "Q=90"],
        "gif": ["dither=0"],
        "avif": ["Q=90", "lossless"],
    }.items():
        for number, option in enumerate(options):
            by(
                f"vips-{number}.{name}",
                "vips",
                "copy",
                grey if "bitdepth=1" in option else colour,
                f"{{}}[{option}]",
            )
    for name, source in (("deep", deep), ("alpha", alpha), ("grey", grey)):
        for ending in ("tif", "png", "webp", "jpg", "jp2", "ppm"):
            by(f"vips-{name}.{ending}", "vips", "copy", source, "{}")
    by("vips-float.tif", "vips", "cast", colour, "{}", "float")
    by("vips-lab.tif", "vips", "colourspace", colour, "{}", "lab")
    # Profiles.
    for name, profile in PROFILES.items():
        for ending in ("jpg", "png", "tif", "webp"):
            by(
                f"icc-{name}.{ending}",
                "convert",
                colour,
                "-profile",
                SRGB,
                "-profile",
                profile,
                "-quality",
                "98",
                "{}",
            )
        into = ["-profile", SRGB, "-profile", profile]
        for ending in ("png", "tif", "webp"):
            by(f"icc-{name}-alpha.{ending}", "convert", alpha, *into, "-quality", "98", "{}")
    for ending in ("jpg", "png", "tif"):
        by(f"icc-grey.{ending}", "convert", grey, "-profile", GREY_PROFILE, "-quality", "98", "{}")
    for ending in ("jpg", "tif", "psd"):
        by(
            f"cmyk-icc.{ending}",
            "convert",
            colour,
            "-profile",
            SRGB,
            "-profile",
            CMYK_PROFILE,
            "-quality",
            "98",
            "{}",
        )
        by(
            f"cmyk.{ending}",
            "convert",
            colour,
            "-colorspace",
            "CMYK",
            "-strip",
            "-quality",
            "98",
            "{}",
        )
    # Orientations and blocks, by exiftool.
    for ending in ("jpg", "png", "webp", "tif"):
        for orientation in range(1, 9):
            file = by(f"turned{orientation}.{ending}", "convert", colour, "-quality", "98", "{}")
            if file:
                run(
                    "exiftool",
                    "-q",
                    "-overwrite_original",
                    "-n",
                    f"-EXIF:Orientation={orientation}",
                    file,
                )
        for name, words in {
            "all": PERSONAL,
            "xmp": ["-XMP:Rating=4", "-XMP-tiff:Orientation=6"],
            "iptc": ["-IPTC:Keywords=sea", "-IPTC:CodedCharacterSet=UTF8"],
            "little": ["-EXIF:Make=Maker", "-ExifByteOrder=II"],
            "big": ["-EXIF:Make=Maker", "-ExifByteOrder=MM"],
        }.items():
            file = by(f"tagged-{name}.{ending}", "convert", colour, "-quality", "98", "{}")
            if file:
                run("exiftool", "-q", "-overwrite_original", *words, file)


def seen(file: Path, folder: Path) -> Image.Image | None:
    """What ImageMagick sees in a file: upright, in sRGB, 8 bits, with alpha."""
    target = folder / "seen.png"
    target.unlink(missing_ok=True)
    # It heeds orientation in some formats only.
    turned = file.suffix in (".png", ".webp")
    words = ["convert", f"{file}[0]", *([] if turned else ["-auto-orient"])]
    # Without a profile of its own it takes greys and colours for sRGB, as everybody does.
    if subprocess.run(
        ["identify", "-format", "%[profile:icc]", f"{file}[0]"], capture_output=True
    ).stdout:
        words += ["-profile", SRGB]
    else:
        words += ["-colorspace", "sRGB"]
    if not run(*words, "-strip", "-depth", "8", f"PNG32:{target}") or not target.exists():
        return None
    with Image.open(target) as image:
        found = image.convert("RGBA")
    if not turned:
        return found
    said = subprocess.run(["exiftool", "-s3", "-n", "-Orientation", str(file)], capture_output=True)
    orientation = int((said.stdout.split() or [b"1"])[0])
    return upright(found, orientation)


def distance(one: Image.Image, other: Image.Image) -> str:
    """How two pictures differ; nothing where they are the same to the eye."""
    if one.size != other.size:
        return f"sizes {one.size} and {other.size}"
    most = max(
        abs(a - b)
        for a, b in zip(one.convert("RGBa").tobytes(), other.convert("RGBa").tobytes(), strict=True)
    )
    found = psnr(one, other)
    return "" if most <= 1 or found >= ENOUGH_DB else f"{found:.1f} dB, {most} levels at most"


def tags(file: Path) -> dict[str, Any]:
    """What exiftool tells of a file, but what every file has of its own."""
    words = ["exiftool", "-j", "-a", "-G1", "-struct", "-api", "LargeFileSupport=1", str(file)]
    done = subprocess.run(words, capture_output=True, text=True)
    (found,) = json.loads(done.stdout or "[{}]")
    return {name: value for name, value in found.items() if _counts(name)}


NOT_CARRIED = {
    "System",
    "File",
    "ExifTool",
    "Composite",
    "PNG",
    "RIFF",
    "VP8",
    "IFD1",
    "Jpeg2000",
    "GIF",
    "MPF0",
    "Track1",
    "Meta",
    "ItemList",
    "QuickTime",
    "BMP",
    "PPM",
    "Ducky",
    "Adobe",
    "SGI",
    "Photoshop",
}
"""Groups that tell how a file is stored, and what is computed."""

CHANGED = {
    "Orientation",
    "ExifImageWidth",
    "ExifImageHeight",
    "ImageWidth",
    "ImageHeight",
    "ImageLength",
    "ExifByteOrder",
    "PixelXDimension",
    "PixelYDimension",
    "XMPToolkit",
    "JFIFVersion",
    "ThumbnailImage",
    "ThumbnailOffset",
    "ThumbnailLength",
    "YCbCrPositioning",
    "IPTCDigest",
    "CurrentIPTCDigest",
    "StripOffsets",
    "StripByteCounts",
    "RowsPerStrip",
    "BitsPerSample",
    "Compression",
    "PhotometricInterpretation",
    "SamplesPerPixel",
    "PlanarConfiguration",
    "ExtraSamples",
    "SampleFormat",
    "Predictor",
    "FillOrder",
    "TileWidth",
    "TileLength",
    "TileOffsets",
    "TileByteCounts",
    "SubfileType",
    "PageNumber",
    "ColorMap",
    "T4Options",
    "T6Options",
    "ReferenceBlackWhite",
    "YCbCrSubSampling",
    "JPEGTables",
    "WhitePoint",
    "PrimaryChromaticities",
    "DocumentName",
    "PreviewImageStart",
    "PreviewImageLength",
    "PreviewImage",
    "SMinSampleValue",
    "SMaxSampleValue",
    "InkSet",
    "NewSubfileType",
    "ExifOffset",
    "GPSInfo",
    "OffsetSchema",
}
"""What a recipe changes, or what tells how pixels are stored."""


def _counts(name: str) -> bool:
    group, _colon, tag = name.partition(":")
    return (
        group not in NOT_CARRIED
        and not group.startswith("ICC")
        and tag not in CHANGED
        and name != "SourceFile"
    )


def missing(before: dict[str, Any], after: dict[str, Any], notes: str) -> Iterator[str]:
    """What is told of the source and not, or otherwise, of the output; unless a note says so."""
    for name, value in before.items():
        if after.get(name) == value:
            continue
        group = name.partition(":")[0]
        kind = {"XMP": "XMP", "IPTC": "IPTC", "Photoshop": "IPTC", "JFIF": "resolution"}.get(
            group.split("-")[0], "EXIF"
        )
        if kind in notes or ("comments" in notes and "Comment" in name):
            continue
        yield f"{name} {value!r} -> {after.get(name)!r}"


PRIVATE_WORDS = (
    "GPS",
    "Artist",
    "Serial",
    "Owner",
    "Creator",
    "By-line",
    "Copyright",
    "Caption",
    "Keywords",
    "Title",
    "Rating",
    "UserComment",
    "ImageDescription",
    "XMP-",
    "IPTC",
)


def batch(
    source: Path, output: Path, recipe: Path, more: Sequence[str] = ()
) -> dict[str, dict[str, Any]]:
    """What becomes of a folder's files: rows of the report, by their names."""
    report = output.with_suffix(".json")
    words = [
        sys.executable,
        "-m",
        "tui_app",
        "batch",
        str(source),
        "-o",
        str(output),
        "--recipe",
        str(recipe),
    ]
    subprocess.run([*words, "--report", str(report), "--quiet", *more], capture_output=True)
    return {
        Path(row["source"]).name: row for row in json.loads(report.read_text()) if row["source"]
    }


def main() -> int:
    """Prints what differs; returns how much does."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--keep", type=Path, help="a folder for all files, which stays")
    parser.add_argument("--only", default="", help="files whose names have that in them")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary)
        folder.mkdir(exist_ok=True)
        maker = Maker(folder / "in")
        maker.folder.mkdir()
        make(maker, bases(folder / "bases"))
        for made in maker.made:
            if options.only not in made.file.name:
                made.file.unlink()
        files = [made.file for made in maker.made if made.file.exists()]
        print(
            f"{len(files)} files; {len(maker.refused)} could not be made: {' '.join(maker.refused)}"
        )
        for name, text in {
            "png": 'format = "png"\nmetadata = "strip"',
            "keep": "quality = 100",
            "private": 'quality = 100\nmetadata = "private"',
            "strip": 'quality = 100\nmetadata = "strip"',
        }.items():
            (folder / f"{name}.toml").write_text(text)
        rows = {
            name: batch(maker.folder, folder / name, folder / f"{name}.toml")
            for name in ("png", "keep", "private", "strip")
        }
        wrong = 0
        for file in files:
            for line in differences(file, folder, rows):
                print(f"{file.name}: {line}", flush=True)
                wrong += 1
        print(f"{len(files)} files, {wrong} differences")
    return min(wrong, 1)


def differences(
    file: Path, folder: Path, rows: dict[str, dict[str, dict[str, Any]]]
) -> Iterator[str]:
    """What is not as it should be with one file."""
    expected = seen(file, folder)
    row = rows["png"][file.name]
    if row["outcome"] != "done":
        yield f"failed: {row['reason']}"
        return
    if expected is None:
        yield "ImageMagick does not read it"
        return
    with Image.open(row["output"]) as image:
        if told := distance(expected, image.convert("RGBA")):
            yield f"pixels as PNG: {told} ({row['notes']})"
    row = rows["keep"][file.name]
    kept = Path(row["output"])
    if found := seen(kept, folder):
        # A lossy format loses again.
        exact = kept.suffix not in (".jpg", ".webp", ".avif", ".jp2")
        if exact and kept.suffix == file.suffix and (told := distance(expected, found)):
            yield f"pixels kept: {told} ({row['notes']})"
    before, after = tags(file), tags(kept)
    for line in missing(before, after, row["notes"]):
        yield f"keep: {line} ({row['notes']})"
    for policy in ("private", "strip"):
        output = Path(rows[policy][file.name]["output"])
        for name, value in tags(output).items():
            if any(word in name for word in PRIVATE_WORDS):
                yield f"{policy}: has {name} {value!r}"
            if (
                policy == "strip"
                and name.startswith(("IFD0", "ExifIFD", "File:Comment"))
                and "Resolution" not in name
            ):
                yield f"strip: has {name} {value!r}"


if __name__ == "__main__":
    sys.exit(main())
