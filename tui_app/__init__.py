"""Procession: see parallel Python run, and process photographs with it."""

import os.path

# In a checkout `screens` and `assets` stand beside this package; a wheel carries them inside it.
# Not by pathlib: it takes as long as all that is imported before Ctrl-C is noted.
_here = os.path.dirname(__file__)  # noqa: PTH120
if not os.path.isdir(os.path.join(_here, "screens")):  # noqa: PTH112, PTH118
    __path__.append(os.path.dirname(_here))  # noqa: PTH120
