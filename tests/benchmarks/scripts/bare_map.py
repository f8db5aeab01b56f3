"""The product's own function for one image, mapped by a bare pool: SOURCE OUTPUT RECIPE."""

import os
import sys
from concurrent.futures import ProcessPoolExecutor

from tui_app.files.folder import Folder
from tui_app.images.job import ImageJob, OutputPlace
from tui_app.images.pipeline import process_image
from tui_app.images.recipe_files import load_recipe


def nothing(step, fraction):
    pass


def process(job):
    return process_image(job, nothing)


def main():
    source, output, recipe_file = sys.argv[1:]
    recipe = load_recipe(recipe_file)
    os.makedirs(os.path.join(output, ".procession"))
    with Folder.open(os.path.abspath(output)) as folder:
        place = OutputPlace(folder.path, folder.identity, ".procession", "bare", journal=False)
    jobs = [
        ImageJob(
            source=os.path.join(source, name),
            recipe=recipe,
            place=place,
            name=name,
            format="JPEG",
        )
        for name in sorted(os.listdir(source))
    ]
    with ProcessPoolExecutor() as pool:
        print(sum(1 for _ in pool.map(process, jobs)))


if __name__ == "__main__":
    main()
