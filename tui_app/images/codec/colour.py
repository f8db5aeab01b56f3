"""Colour profiles: which images a profile describes, what a file says without one, and sRGB."""

from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache
from io import BytesIO
from typing import TypeGuard

from PIL import Image

from tui_app.images.codec import profiles
from tui_app.images.codec.blocks import DamagedBlockError, exif, png
from tui_app.images.codec.profiles import Curve, grey_profile, rgb_profile

_SPACES = {"L": b"GRAY", "LA": b"GRAY", "RGB": b"RGB ", "RGBA": b"RGB ", "CMYK": b"CMYK"}

NEAR = 1
"""Levels of 255 by which a profile's colours may differ from sRGB's, by rounding."""

_STEPS = (0, 25, 51, 102, 153, 204, 230, 255)
"""Values of a channel that are compared, to learn whether a profile is sRGB."""

_SRGB_GAMMA = 45455
"""What a PNG's gAMA says of sRGB, in hundred-thousandths."""

ICC, IMPLIED, CONVERTED = "icc_profile", "implied_profile", "converted_to_srgb"
"""Keys of an image's `info`: its profile (Pillow's own key), a profile that its file implies, and
that its colours are no longer what the file says."""


def fits(profile: object, mode: str) -> TypeGuard[bytes]:
    """Tell whether what a file calls its profile describes images of a working mode.

    Its header tells (ICC.1:2022, 7.2, https://www.color.org/specification/ICC.1-2022-05.pdf).
    """
    if not isinstance(profile, bytes) or profile[36:40] != b"acsp":
        return False
    return profile[16:20] == _SPACES.get(mode)


def profile_of(image: Image.Image) -> object:
    """Return the profile of an image's colours, or what its file implies; None for sRGB."""
    # Where both are there, the file says that its profile does not count.
    return image.info.get(IMPLIED) or image.info.get(ICC)


def without_profile(image: Image.Image) -> Image.Image:
    """Return the image as one in sRGB, whatever its file says of its colours."""
    image.info = {key: value for key, value in image.info.items() if key not in (ICC, IMPLIED)}
    image.info[CONVERTED] = True
    return image


class ProfileError(ValueError):
    """A profile that cannot be applied."""


@lru_cache(maxsize=8)
def is_srgb(profile: bytes) -> bool:
    """Tell whether a profile's colours are sRGB's, by a grid of them.

    Its name says nothing: there are linear profiles with sRGB in their names.

    Raises:
        ProfileError: It cannot be applied.
    """
    if profile[16:20] == b"GRAY":
        grid = Image.frombytes("L", (256, 1), bytes(range(256)))
    elif profile[16:20] == b"RGB ":
        values = bytes(v for r in _STEPS for g in _STEPS for b in _STEPS for v in (r, g, b))
        grid = Image.frombytes("RGB", (len(values) // 3, 1), values)
    else:
        return False
    before = grid.convert("RGB").tobytes()
    after = _converted(grid, profile).tobytes()
    return all(abs(one - other) <= NEAR for one, other in zip(before, after, strict=True))


def _converted(image: Image.Image, profile: bytes) -> Image.Image:
    """Return an L, RGB or CMYK image as sRGB."""
    # Imported here, because most images need no conversion.
    from PIL import ImageCms

    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        srgb = ImageCms.createProfile("sRGB")
        done = ImageCms.profileToProfile(image, source, srgb, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError) as error:
        raise ProfileError from error
    if done is None:
        raise ProfileError
    return done


def to_srgb(image: Image.Image) -> Image.Image | None:
    """Return an image in a working mode with its colours converted to sRGB; alpha stays.

    Returns:
        The image itself where it has no profile that fits it, or one that is sRGB. Otherwise L, LA,
        RGB or RGBA (CMYK becomes RGB), without a profile. None where the profile cannot be used.
    """
    profile = profile_of(image)
    if not fits(profile, image.mode):
        return image
    try:
        if is_srgb(profile):
            return image
        done = _converted(image.convert(image.mode.removesuffix("A")), profile)
    except ProfileError:
        return None
    if image.mode in ("L", "LA"):
        done = done.convert("L")
    if image.mode in ("LA", "RGBA"):
        done.putalpha(image.getchannel("A"))
    done.info = dict(image.info)
    return without_profile(done)


def implied_profile(mode: str, chunks: Sequence[png.PngChunk], block: bytes) -> bytes | None:
    """Return a profile of what a file without one says of its colours; None where that is sRGB.

    `mode` is the working mode of its pixels, `chunks` are of a PNG, `block` is its EXIF.
    """
    if mode not in ("L", "LA", "RGB", "RGBA"):
        return None
    grey = mode in ("L", "LA")
    said = {chunk.kind: chunk.data for chunk in chunks}
    with suppress(ZeroDivisionError, IndexError):
        if b"cICP" in said:
            return _of_codes(said[b"cICP"], grey=grey)
        if b"sRGB" in said:
            return None
        if b"gAMA" in said or b"cHRM" in said:
            return _of_png(said, grey=grey)
        if not grey and is_adobe_rgb(block):
            return rgb_profile(profiles.ADOBE, profiles.D65, profiles.ADOBE_CURVE)
    return None


def has_unknown_codes(chunks: Sequence[png.PngChunk]) -> bool:
    """Tell whether a PNG says of its colours what cannot be applied here, such as HDR."""
    codes = next((chunk.data for chunk in chunks if chunk.kind == b"cICP"), b"")
    return len(codes) >= 2 and not (
        codes[0] in profiles.CODED_PRIMARIES and codes[1] in profiles.CODED_CURVES
    )


def _of_codes(codes: bytes, *, grey: bool) -> bytes | None:
    """Return the profile of a PNG's cICP: primaries and curve by the codes of ITU-T H.273."""
    primaries, curve = profiles.CODED_PRIMARIES.get(codes[0]), profiles.CODED_CURVES.get(codes[1])
    if primaries is None or curve is None or codes[:2] == b"\x01\x0d":
        return None
    return grey_profile(curve) if grey else rgb_profile(primaries[:3], primaries[3], curve)


def _of_png(said: dict[bytes, bytes], *, grey: bool) -> bytes | None:
    """Return the profile of a PNG's gAMA and cHRM (https://www.w3.org/TR/png-3/, 11.3.2)."""
    curve = profiles.SRGB_CURVE
    gamma = int.from_bytes(said.get(b"gAMA", b"")[:4], "big")
    if gamma and abs(gamma - _SRGB_GAMMA) > 500:
        curve = Curve(100_000 / gamma)
    numbers = said.get(b"cHRM", b"")
    if grey or len(numbers) < 32:
        if curve is profiles.SRGB_CURVE:
            return None
        return grey_profile(curve) if grey else rgb_profile(profiles.BT709, profiles.D65, curve)
    parts = [int.from_bytes(numbers[at : at + 4], "big") / 100_000 for at in range(0, 32, 4)]
    white, *primaries = zip(parts[::2], parts[1::2], strict=True)
    return rgb_profile(primaries, white, curve)


def is_adobe_rgb(block: bytes) -> bool:
    """Tell whether EXIF says that colours are Adobe RGB, as cameras do: `R03` (DCF 2.0)."""
    if not block:
        return False
    with suppress(DamagedBlockError):
        found = exif.ExifBlock(block)
        index = found.find(exif.INTEROP, 1)
        return index is not None and found.value(index).rstrip(b"\0") == b"R03"
    return False
