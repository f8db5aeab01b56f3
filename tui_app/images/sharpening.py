"""What `sharpen` means: the image, plus so much of what a small blur takes from it.

The blur is 1/4, 1/2, 1/4 along each axis; at the border the outermost pixel is repeated. It is made
of shifted copies and blends, which Pillow computes many pixels at a time: at most half of the time
that its `UnsharpMask` takes. On the sample photographs, which have grain, the result is 47 to 51 dB
from `UnsharpMask(radius=1, percent=…, threshold=2)`.
"""

from PIL import Image, ImageChops

from tui_app.images.codec import modes

AS_UNSHARP_MASK = 1.5
"""So much stronger must the small blur be used, to sharpen as a Gaussian of radius 1 does."""


def sharpened(image: Image.Image, percent: int) -> Image.Image:
    """Return an image, sharpened.

    Args:
        image: An image in a working mode.
        percent: The strength, as that of an unsharp mask; 0 changes nothing.
    """
    return modes.weighted(image, lambda weighted: _sharpened(weighted, percent))


def _sharpened(image: Image.Image, percent: int) -> Image.Image:
    soft = _softened(_softened(image, across=True), across=False)
    return Image.blend(soft, image, 1 + AS_UNSHARP_MASK * percent / 100)


def _softened(image: Image.Image, *, across: bool) -> Image.Image:
    """Return an image, blurred along one axis by 1/4, 1/2, 1/4."""
    width, height = image.size
    x, y = (1, 0) if across else (0, 1)
    before, after = ImageChops.offset(image, x, y), ImageChops.offset(image, -x, -y)
    # `offset` wraps around: the border's own pixels are put back.
    last = (x * (width - 1), y * (height - 1))
    before.paste(image.crop((0, 0, 1 if across else width, height if across else 1)), (0, 0))
    after.paste(image.crop((*last, width, height)), last)
    return Image.blend(image, Image.blend(before, after, 0.5), 0.5)
