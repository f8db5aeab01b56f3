"""A recipe in plain Pillow, as a pool does it, without care for metadata: SOURCE OUTPUT RECIPE."""

import os
import sys
import tomllib
from concurrent.futures import ProcessPoolExecutor

from PIL import Image, ImageFilter, ImageOps

SOURCE, OUTPUT, RECIPE = sys.argv[1:]
with open(RECIPE, "rb") as file:
    STEPS = tomllib.load(file)
FORMAT = STEPS.get("format", "jpeg")
SUFFIX = {"jpeg": ".jpg", "webp": ".webp"}[FORMAT]


def process_image(name):
    image = Image.open(os.path.join(SOURCE, name))
    if "fit" in STEPS and "blur" not in STEPS:
        image.draft(None, (2 * STEPS["fit"][0], 2 * STEPS["fit"][1]))
    image = ImageOps.exif_transpose(image)
    if STEPS.get("grayscale"):
        image = image.convert("L")
    if "blur" in STEPS:
        image = image.filter(ImageFilter.GaussianBlur(STEPS["blur"]))
    if "fit" in STEPS:
        image.thumbnail(STEPS["fit"])
    if "sharpen" in STEPS:
        image = image.filter(ImageFilter.UnsharpMask(1, STEPS["sharpen"], 2))
    target = os.path.join(OUTPUT, os.path.splitext(name)[0] + SUFFIX)
    image.save(target, FORMAT, quality=STEPS.get("quality", 75))
    return name


if __name__ == "__main__":
    names = sorted(name for name in os.listdir(SOURCE) if name.endswith(".jpg"))
    with ProcessPoolExecutor() as pool:
        for name in pool.map(process_image, names):
            print(f"{name} was processed...")
