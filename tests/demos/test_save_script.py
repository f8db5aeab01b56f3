from pathlib import Path

import pytest

from tui_app.demos.catalogue import find_demo
from tui_app.demos.save_script import SaveError, save_script

SEVEN = find_demo("loop-joined")


def test_a_script_is_saved_whole_and_replaces_nothing_unasked(here: Path) -> None:
    assert save_script(SEVEN, "print(1)\n", "mine.py") == Path("mine.py")
    with pytest.raises(FileExistsError):
        save_script(SEVEN, "print(2)\n", "mine.py")
    assert (here / "mine.py").read_text() == "print(1)\n"
    save_script(SEVEN, "print(2)\n", "mine.py", overwrite=True)
    assert (here / "mine.py").read_text() == "print(2)\n"
    assert [file.name for file in here.iterdir()] == ["mine.py"]


def test_a_path_may_be_a_home_a_folder_or_a_link(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(here))
    (here / "scripts").mkdir()
    assert save_script(SEVEN, "1\n", "~/scripts") == here / "scripts" / "loop_joined.py"
    (here / "link.py").symlink_to(here / "scripts" / "loop_joined.py")
    with pytest.raises(FileExistsError):
        save_script(SEVEN, "2\n", "link.py")
    save_script(SEVEN, "2\n", "link.py", overwrite=True)
    assert (here / "link.py").is_symlink()
    assert (here / "scripts" / "loop_joined.py").read_text() == "2\n"


@pytest.mark.parametrize(
    ("typed", "text", "why"),
    [
        ("  ", "1\n", "Name a file"),
        ("no/such/folder/x.py", "1\n", "There is no folder"),
        ("x.py", "'\ud800'\n", "UTF-8"),
        (str(SEVEN.script), "1\n", "own file"),
        ("a\0b", "1\n", "no path"),
        ("x" * 300, "1\n", "Cannot write"),
        ("~nobody-of-that-name/x.py", "1\n", "no path"),
        ("/dev/null", "1\n", "no file"),
    ],
)
def test_what_cannot_be_saved_is_said_and_leaves_nothing(
    here: Path, typed: str, text: str, why: str
) -> None:
    with pytest.raises(SaveError, match=why):
        save_script(SEVEN, text, typed, overwrite=True)
    assert list(here.iterdir()) == []
    assert SEVEN.script.read_text("utf-8") == SEVEN.source
