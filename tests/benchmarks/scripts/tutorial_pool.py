"""The tutorial's image batch, as a pool does it: SOURCE OUTPUT."""

import os
import sys
from concurrent.futures import ProcessPoolExecutor

from PIL import Image, ImageFilter

SOURCE, OUTPUT = sys.argv[1:]
SIZE = (1200, 1200)


def process_image(name):
    image = Image.open(os.path.join(SOURCE, name))
    image = image.filter(ImageFilter.GaussianBlur(15))
    image.thumbnail(SIZE)
    image.save(os.path.join(OUTPUT, name))
    return name


if __name__ == "__main__":
    names = sorted(name for name in os.listdir(SOURCE) if name.endswith(".jpg"))
    with ProcessPoolExecutor() as pool:
        for name in pool.map(process_image, names):
            print(f"{name} was processed...")
