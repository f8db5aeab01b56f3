"""The product's own function for one image, mapped by a bare pool: SOURCE OUTPUT RECIPE."""

import os
import sys
from concurrent.futures import ProcessPoolExecutor

from tui_app.images.process import ImageJob, process_image
from tui_app.images.recipe import load_recipe


def nothing(step, fraction):
    pass


def process(job):
    return process_image(job, nothing)


def main():
    source, output, recipe_file = sys.argv[1:]
    recipe = load_recipe(recipe_file)
    temporary = os.path.join(output, ".procession")
    os.makedirs(temporary)
    jobs = [
        ImageJob(
            source=os.path.join(source, name),
            output=os.path.join(output, name),
            format="JPEG",
            temporary_folder=temporary,
            run="bare",
            recipe=recipe,
            overwrite=False,
            keep_dates=False,
            exact=False,
        )
        for name in sorted(os.listdir(source))
    ]
    with ProcessPoolExecutor() as pool:
        print(sum(1 for _ in pool.map(process, jobs)))


if __name__ == "__main__":
    main()
