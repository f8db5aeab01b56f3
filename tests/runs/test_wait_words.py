import pytest

from tui_app.events import Waiting, WaitKind
from tui_app.runs.wait_words import wait_label, wait_words


def wait(kind: str, what: str | None = None, timeout: float | None = None) -> Waiting:
    return Waiting(t=0.0, pid=1, kind=kind, object=what, timeout=timeout)


@pytest.mark.parametrize(
    ("waits", "words", "label"),
    [
        (wait("sleep", timeout=1.5), "sleeps 1.5 s", "sleep 1.5 s"),
        (wait("sleep", timeout=60), "sleeps 60 s", "sleep 60 s"),
        (wait("join", "P-1"), "waits in join() for P-1", "join P-1"),
        (wait("join", "P-1", 2.0), "waits in join() for P-1", "join P-1"),
        (wait("join"), "waits in join() for what it started", "join"),
        (wait("result", "f(2)"), "waits for the result of f(2)", "result f(2)"),
        (wait("as_completed"), "waits in as_completed() for the next future", "as_completed"),
        (wait("exit", "P-1"), "is at its end, and waits for P-1", "exit P-1"),
        (wait("exit"), "is at its end, and waits for what it started", "exit"),
        (wait("something", "new"), "waits in something for new", "something new"),
    ],
)
def test_words(waits: Waiting, words: str, label: str) -> None:
    assert (wait_words(waits), wait_label(waits)) == (words, label)


@pytest.mark.parametrize("kind", WaitKind)
def test_every_kind_has_words_of_its_own(kind: WaitKind) -> None:
    assert "{" not in wait_words(wait(kind, "P-1"))
    assert wait_words(wait(kind, "P-1")) != f"waits in {kind} for P-1"
