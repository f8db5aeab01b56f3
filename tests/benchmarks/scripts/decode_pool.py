"""Only decodes JPEGs, in a pool: SOURCE, and `final` (to fit 1200 pixels) or by how much."""

import os
import sys
from concurrent.futures import ProcessPoolExecutor

from PIL import Image

SOURCE, SCALE = sys.argv[1:]


def decode(name):
    image = Image.open(os.path.join(SOURCE, name))
    if SCALE == "final":
        shrink = max(1, max(image.size) / 1200)
        wanted = int(image.width / shrink), int(image.height / shrink)
    else:
        wanted = image.width // int(SCALE), image.height // int(SCALE)
    image.draft(None, wanted)
    image.load()
    return image.size


if __name__ == "__main__":
    names = sorted(name for name in os.listdir(SOURCE) if name.endswith(".jpg"))
    with ProcessPoolExecutor() as pool:
        print(list(pool.map(decode, names)))
