"""The copies that people make of the demos' texts. The demos' files stay as they are."""

from __future__ import annotations

from tui_app.demos.catalogue import Demo
from tui_app.files.json_file import JsonFile, is_text
from tui_app.system.user_folders import state_folder

FILE = JsonFile(state_folder, "copies.json")


def load_copies() -> dict[str, str]:
    """Return the texts in the file, each by its demo's name; see `Copies`."""
    return {name: text for name, text in FILE.load().items() if is_text(text)}


class Copies:
    """The texts that are played: of each demo its own text, or a changed copy.

    A demo that can be mended has two texts, the broken and the mended one, and a copy of each.
    Copies are kept in `copies.json` until they are reset.
    """

    def __init__(self) -> None:
        self._texts = load_copies()
        self._unsaved: set[str] = set()
        self._mended: set[str] = set()

    def own(self, demo: Demo) -> str:
        """Return a demo's own text; the mended one where that is shown."""
        if demo.mended is not None and demo.name in self._mended:
            return demo.mended
        return demo.source

    def text(self, demo: Demo) -> str:
        """Return the text that is played."""
        return self._texts.get(self._key(demo), self.own(demo))

    def is_changed(self, demo: Demo) -> bool:
        """Tell whether the text that is played is not the demo's own."""
        return self.text(demo) != self.own(demo)

    def keep(self, demo: Demo, text: str) -> None:
        """Play this text from now on."""
        key = self._key(demo)
        if text == self.text(demo):
            return
        self._unsaved.add(key)
        if text == self.own(demo):
            del self._texts[key]
        else:
            self._texts[key] = text

    def reset(self, demo: Demo) -> None:
        """Play the demo's own text again."""
        self.keep(demo, self.own(demo))

    def is_mended(self, demo: Demo) -> bool:
        """Tell whether the mended text is shown."""
        return demo.mended is not None and demo.name in self._mended

    def swap(self, demo: Demo) -> None:
        """Show the mended text instead of the broken one, or the broken one again."""
        if demo.mended is not None:
            self._mended ^= {demo.name}

    def save(self) -> None:
        """Write what was changed since the last time to the file."""
        if not self._unsaved:
            return
        # Another app may have saved copies meanwhile.
        others = {key: text for key, text in load_copies().items() if key not in self._unsaved}
        FILE.save(others | {key: self._texts[key] for key in self._unsaved & self._texts.keys()})
        self._unsaved.clear()

    def _key(self, demo: Demo) -> str:
        return f"{demo.name} mended" if self.is_mended(demo) else demo.name
