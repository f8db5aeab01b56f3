"""Coded pixels and metadata put together into a file, without an encoder."""

from dataclasses import replace

from tui_app.images.codec.blocks import jpeg, png, webp
from tui_app.images.codec.embedding import jpeg_segments
from tui_app.images.codec.metadata import FileMetadata


def copied(
    coded: bytes, metadata: FileMetadata, profile: bytes, written: str, *, looks: bool
) -> bytes:
    """Return a file with its coded pixels as they are, and this metadata in place of its own.

    Args:
        coded: The file: a JPEG, PNG or WebP.
        metadata: What it is to carry, as `outgoing` returns it.
        profile: Its colour profile; nothing for none.
        written: Its Pillow format.
        looks: Whether a PNG may say how it is best shown: colours, resolution, background.

    Raises:
        DamagedBlockError: It is not built as its format says.
    """
    if written == "JPEG":
        segments = [*jpeg_segments(metadata), *jpeg.profile_segments(profile)]
        return jpeg.copied(coded, segments, metadata.density)
    if written == "WEBP":
        return webp.copied(coded, profile=profile, exif=metadata.exif, xmp=metadata.xmp)
    more = list(metadata.texts)
    if metadata.xmp:
        more.insert(0, png.of_xmp(metadata.xmp))
    if metadata.exif:
        more.insert(0, png.PngChunk(b"eXIf", metadata.exif))
    if profile:
        more.insert(0, png.of_profile(profile))
    return png.copied(coded, more, looks=looks)


def as_animation(bare: bytes, metadata: FileMetadata, profile: object, written: str) -> bytes:
    """Return an animation with its metadata; `bare` has none but a GIF's comments."""
    if written == "GIF":
        return bare
    about = [*metadata.colours, *metadata.texts]
    if metadata.dpi:
        about.append(png.of_resolution(*metadata.dpi))
    whole = replace(metadata, texts=tuple(about))
    return copied(bare, whole, profile if isinstance(profile, bytes) else b"", written, looks=False)
