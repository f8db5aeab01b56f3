"""Colour profiles: which images a profile describes, and the way to sRGB."""

from io import BytesIO
from typing import TypeGuard

from PIL import Image

_SPACES = {"L": b"GRAY", "LA": b"GRAY", "RGB": b"RGB ", "RGBA": b"RGB ", "CMYK": b"CMYK"}


def fits(profile: object, mode: str) -> TypeGuard[bytes]:
    """Tell whether a colour profile describes images of a mode (ICC.1:2022, the header).

    Args:
        profile: What a file says its profile is: a damaged one may say anything.
        mode: A working mode.
    """
    if not isinstance(profile, bytes) or profile[36:40] != b"acsp":
        return False
    return profile[16:20] == _SPACES.get(mode)


def to_srgb(image: Image.Image) -> Image.Image | None:
    """Return the image with the colours of its profile converted to sRGB; alpha stays.

    The image itself where it has no profile that fits it, or is sRGB already.

    Args:
        image: An image in a working mode; `info["icc_profile"]` is its profile.

    Returns:
        L, LA, RGB or RGBA (CMYK becomes RGB); None where the profile cannot be used.
    """
    profile = image.info.get("icc_profile")
    if not fits(profile, image.mode):
        return image
    # Imported here: most images need no conversion.
    from PIL import ImageCms

    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        if "srgb" in ImageCms.getProfileDescription(source).lower():
            return image
        done = ImageCms.profileToProfile(
            image.convert(image.mode.removesuffix("A")),
            source,
            ImageCms.createProfile("sRGB"),
            outputMode="RGB",
        )
    except (ImageCms.PyCMSError, OSError, ValueError):
        return None
    if done is None:
        return None
    if image.mode in ("L", "LA"):
        done = done.convert("L")
    if image.mode in ("LA", "RGBA"):
        done.putalpha(image.getchannel("A"))
    done.info.pop("icc_profile", None)
    return done
