"""Keeps Textual's editor from loading tree-sitter; imported before any of Textual's widgets.

`textual._tree_sitter` imports it where it is installed. That turns the lock of a free-threaded
Python on, and raises where a grammar is missing. Our editor has its colours from Pygments.
"""

import sys

sys.modules.setdefault("tree_sitter", None)  # type: ignore[arg-type]
