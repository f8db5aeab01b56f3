"""Whatever is in a JSON file, or in its place, there is an answer, and it comes at once."""

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.odd_json import ODD_CONTENTS
from tui_app.files.json_file import JsonFile, is_count, is_number, is_text


@pytest.fixture
def file(tmp_path: Path) -> JsonFile:
    """A file that is not there yet, nor its folder."""
    return JsonFile(lambda: tmp_path / "own", "it.json")


def placed(file: JsonFile, contents: bytes) -> Path:
    file.path.parent.mkdir()
    file.path.write_bytes(contents)
    return file.path


def test_what_is_saved_is_there_for_its_owner_alone(file: JsonFile) -> None:
    assert (file.load(), file.trouble()) == ({}, "")
    file.save({"one": [1, "ă"]})
    assert (file.load(), file.trouble()) == ({"one": [1, "ă"]}, "")
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600


@pytest.mark.parametrize("contents", ODD_CONTENTS.values(), ids=ODD_CONTENTS)
def test_a_file_that_is_none_of_ours_counts_as_not_there_and_is_told_of(
    file: JsonFile, contents: bytes
) -> None:
    placed(file, contents)
    assert file.load() == {}
    assert file.trouble()


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir])
def test_a_fifo_or_a_folder_in_its_place_is_not_waited_for(
    file: JsonFile, make: Callable[[Path], None]
) -> None:
    placed(file, b"").unlink()
    make(file.path)
    assert file.load() == {}
    assert file.trouble()
    file.save({"one": 1})
    assert (file.load(), file.trouble()) == ({"one": 1}, "")


def test_what_could_not_be_read_is_kept_under_another_name(file: JsonFile) -> None:
    path = placed(file, b'{"one-call": "my work"')
    file.save({"two-calls": "print()\n"})
    assert file.load() == {"two-calls": "print()\n"}
    assert path.with_name("it.json.unread").read_bytes() == b'{"one-call": "my work"'


def test_a_folder_that_cannot_be_made_costs_the_memory_only(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    file = JsonFile(lambda: tmp_path / "file" / "own", "it.json")
    file.save({"one": 1})
    assert file.load() == {}


def test_numbers_are_bounded_and_texts_can_be_written() -> None:
    assert all(map(is_number, (0, 1, 2.5, 1e15)))
    assert not any(map(is_number, (True, -1, 1e16, 10**400, float("nan"), float("inf"), "1", None)))
    assert all(map(is_count, (0, 10**15)))
    assert not any(map(is_count, (False, 1.0, -1, "1", [])))
    assert all(map(is_text, ("", "ă", "\N{GRINNING FACE}")))
    assert not any(map(is_text, ("\ud800", "a\udfff", b"a", None, 1)))
