"""The blocks that image files are made of, read and written as they are: nothing is decoded.

`jpeg` has segments, `png` and `webp` have chunks, `tiff` has the folders of a TIFF file; `exif` is
a TIFF block that is changed in place, `photoshop` has image resources, `xmp` is text. What is read
here is written again byte for byte, in whatever file can hold it.
"""


class DamagedBlockError(ValueError):
    """A block does not hold what it says."""
