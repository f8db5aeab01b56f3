"""A recipe's steps by libvips, as quickly as it can: SOURCE OUTPUT RECIPE PROCESSES own|none.

`own`: it sharpens by its own `sharpen`; `none`: it does not sharpen.
"""

import multiprocessing
import os
import sys
import tomllib
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

os.environ["VIPS_CONCURRENCY"] = "1"
SOURCE, OUTPUT, RECIPE, PROCESSES, SHARPENING = sys.argv[1:]
STEPS = tomllib.loads(Path(RECIPE).read_text("utf-8"))
SUFFIX = {"webp": ".webp"}.get(STEPS.get("format", "jpeg"), ".jpg")


def process_image(name):
    import pyvips

    path = os.path.join(SOURCE, name)
    if "fit" in STEPS:
        width, height = STEPS["fit"]
        image = pyvips.Image.thumbnail(path, width, height=height, size="down")
    else:
        image = pyvips.Image.new_from_file(path, access="sequential")
        if image.get_typeof("orientation") and image.get("orientation") > 1:
            # Turning needs the lines in another order.
            image = pyvips.Image.new_from_file(path).autorot()
    if "blur" in STEPS:
        header = pyvips.Image.new_from_file(path)
        shrink = max(header.width, header.height) / max(image.width, image.height)
        image = image.gaussblur(STEPS["blur"] / shrink)
    if STEPS.get("grayscale"):
        image = image.colourspace("b-w")
    if "sharpen" in STEPS and SHARPENING == "own":
        image = image.sharpen()
    target = os.path.join(OUTPUT, os.path.splitext(name)[0] + SUFFIX)
    image.write_to_file(target, Q=STEPS.get("quality", 75))
    return name


if __name__ == "__main__":
    names = sorted(name for name in os.listdir(SOURCE) if name.endswith(".jpg"))
    # Forked before libvips has started its threads.
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(int(PROCESSES), mp_context=context) as pool:
        for name in pool.map(process_image, names):
            print(name)
