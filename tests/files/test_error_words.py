import errno
import os

import pytest

from tui_app.files.error_words import REASONS, reason, refusal, told


@pytest.mark.parametrize("number", REASONS)
def test_what_is_common_has_words_of_ours(number: int) -> None:
    assert reason(OSError(number, os.strerror(number))) == REASONS[number]


def test_what_is_rare_has_the_systems() -> None:
    assert reason(OSError(errno.ENOTTY, "Inappropriate ioctl for device")) == (
        "Inappropriate ioctl for device"
    )
    assert reason(OSError("only words")) == "only words"
    assert reason(OSError()) == "OSError"


def test_a_path_stands_before_it() -> None:
    assert told(PermissionError(errno.EACCES, "no", "/a")) == "/a: permission denied"
    assert told(PermissionError(errno.EACCES, "no")) == "permission denied"


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (MemoryError(), "there is not enough memory"),
        (RuntimeError("can't start new thread"), "no more processes or threads may be started"),
        (BlockingIOError(errno.EAGAIN, "no"), "no more processes or threads may be started"),
        (OSError(errno.EMFILE, "no"), "too many files are open"),
        (RuntimeError("one\ntwo"), "one"),
        (KeyError(), "KeyError"),
    ],
)
def test_what_the_machine_refuses_is_said_whatever_python_raises(
    error: Exception, words: str
) -> None:
    assert refusal(error) == words
