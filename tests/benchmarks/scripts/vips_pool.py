"""The tutorial's image batch by libvips, the fast way it has: SOURCE OUTPUT PROCESSES."""

import multiprocessing
import os
import sys
from concurrent.futures import ProcessPoolExecutor

os.environ["VIPS_CONCURRENCY"] = "1"
SOURCE, OUTPUT, PROCESSES = sys.argv[1:]


def process_image(name):
    import pyvips

    path = os.path.join(SOURCE, name)
    header = pyvips.Image.new_from_file(path)
    shrink = max(1.0, max(header.width, header.height) / 1200)
    image = pyvips.Image.thumbnail(path, 1200, height=1200, size="down")
    image.gaussblur(15 / shrink).write_to_file(os.path.join(OUTPUT, name), Q=75)
    return name


if __name__ == "__main__":
    names = sorted(name for name in os.listdir(SOURCE) if name.endswith(".jpg"))
    # Forked before libvips has started its threads.
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(int(PROCESSES), mp_context=context) as pool:
        for name in pool.map(process_image, names):
            print(name)
