"""Procession: see parallel Python run, and process photographs with it."""

from pathlib import Path

# In a checkout `screens` and `assets` stand beside this package; a wheel carries them inside it.
if not (Path(__file__).parent / "screens").is_dir():
    __path__.append(str(Path(__file__).parent.parent))
