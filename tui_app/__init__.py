"""Procession: see parallel Python run, and process photographs with it."""

# Not by `pathlib`: it takes as long as all that is imported before Ctrl-C is noted. What is not
# loaded in every interpreter might also come from the current folder, which `import_path` has not
# left yet.
import os.path

# In a checkout `screens` and `assets` stand beside this package; a wheel carries them inside it.
_HERE = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120
if not os.path.isdir(os.path.join(_HERE, "screens")):  # noqa: PTH112, PTH118
    __path__.append(os.path.dirname(_HERE))  # noqa: PTH120
