"""The image batch: recipe, plan, one image in a worker, safe files."""
