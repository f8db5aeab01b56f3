"""What is left out of a batch: patterns of names, read as `.gitignore` and rsync read them.

`*` stands for any characters of one name, `?` for one, `[a-z]` for one of several, and `**` as a
whole part for any folders, or none. A pattern without a slash is compared with the name of each
file and of each folder on the way; one with a slash with the whole path, from the source folder on.
What is in a folder that matches is left out, too. Capital and small letters differ.
"""

import re
from collections.abc import Sequence
from fnmatch import translate

from tui_app.images.errors import PlanError
from tui_app.language import _

_ANY_FOLDERS = "**"


class Exclusion:
    """Patterns of what is left out.

    Args:
        patterns: The patterns, as they were typed.

    Raises:
        PlanError: One is empty.
    """

    def __init__(self, patterns: Sequence[str] = ()) -> None:
        self._patterns = [_Pattern(pattern) for pattern in patterns]

    def __bool__(self) -> bool:
        """Tell whether there is any pattern."""
        return bool(self._patterns)

    def leaves_out(self, name: str, *, folder: bool = False) -> bool:
        """Tell whether a pattern matches a file or folder itself, by its path from its root on."""
        if not self._patterns:
            return False
        parts = name.split("/")
        return any(pattern.matches(parts, folder=folder) for pattern in self._patterns)

    def leaves_out_on_the_way(self, name: str) -> bool:
        """Tell whether a pattern matches a file, or one of the folders on the way to it."""
        parts = name.split("/")
        ways = ("/".join(parts[:number]) for number in range(1, len(parts)))
        return self.leaves_out(name) or any(self.leaves_out(way, folder=True) for way in ways)


class _Pattern:
    """One pattern, by its parts."""

    def __init__(self, text: str) -> None:
        parts = [part for part in text.split("/") if part not in ("", ".")]
        if not parts:
            raise PlanError(_("a pattern of --exclude is empty"))
        self._folders_only = text.endswith("/")
        self._anywhere = "/" not in text.rstrip("/")
        self._parts = [
            None if part == _ANY_FOLDERS else re.compile(translate(part)) for part in parts
        ]

    def matches(self, name: Sequence[str], *, folder: bool) -> bool:
        if self._folders_only and not folder:
            return False
        name = name[-1:] if self._anywhere else name
        # Which beginnings of the name the pattern's parts so far match, by their length.
        ends = {0}
        for number, part in enumerate(self._parts, 1):
            if part is not None:
                ends = {end + 1 for end in ends if end < len(name) and part.match(name[end])}
            elif ends:
                # At the end it stands for what is in a folder, not for the folder itself.
                least = min(ends) + (number == len(self._parts))
                ends = set(range(least, len(name) + 1))
        return len(name) in ends
