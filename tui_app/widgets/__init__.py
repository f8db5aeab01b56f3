"""What screens are made of. The log, the process rows and the timeline draw their own lines."""

import sys

# Textual's editor loads tree-sitter where it is, which turns the lock of a free-threaded Python on,
# and raises without its grammar. Ours has colours of its own, so to us it is not there.
sys.modules.setdefault("tree_sitter", None)  # type: ignore[arg-type]
