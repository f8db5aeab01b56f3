import io
import re
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.invariants import check_json
from tests.runs.factories import (
    begun,
    done,
    down,
    ended,
    failed,
    queued,
    run_started,
    said,
    skipped,
    up,
)
from tui_app.events import Event, Outcome
from tui_app.runs.printer import PLAIN_SECONDS, REDRAW_SECONDS, JsonPrinter, Printer

HOSTILE = "\x1b[2J\x1b]0;owned\x07\r\u202egpj.exe\udcff\n2.jpg"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")


class Clock:
    """Goes on by a step whenever it is asked."""

    def __init__(self, step: float = 0.0) -> None:
        self.now, self.step = 100.0, step

    def __call__(self) -> float:
        self.now += self.step
        return self.now


def a_run(label: str = "two.jpg", reason: str = "it is damaged") -> list[Event]:
    return ended(
        [
            run_started(3, 3.0),
            up(7, "W-1"),
            queued(1, "one.jpg"),
            queued(2, label),
            queued(3, "three.jpg"),
            begun(1, 7),
            said(7, "hello"),
            done(1, 7, megapixels=1.0, bytes_in=1000, bytes_out=100),
            begun(2, 7),
            failed(2, 7, reason),
            skipped(3),
            down(7),
        ],
        Outcome.FAILED,
    )


def printed(
    events: Iterable[Event],
    out: io.StringIO | None,
    err: io.StringIO,
    *,
    quiet: bool = False,
    step: float = 0.0,
) -> tuple[str, str]:
    printer = Printer(out, err, quiet=quiet, clock=Clock(step))
    for event in events:
        printer.add(event)
    return out.getvalue() if out else "", err.getvalue()


def test_log_and_summary_go_to_out_and_failures_to_err() -> None:
    out, err = printed(a_run(), io.StringIO(), io.StringIO())
    lines = out.splitlines()
    assert lines[0] == "3 images → out"
    assert lines[1] == "processes, 2 workers, forkserver, 2 CPUs, Python 3.12.1"
    assert lines[2:8] == [
        "     0.10  W-1    started",
        "     1.00  W-1    hello",
        "     2.00  W-1    one.jpg was processed in 0.50 s  1.0 kB → 100 B",
        "     2.00  W-1    two.jpg failed in decode: it is damaged",
        "     2.00         three.jpg was skipped: it exists",
        "     9.00  W-1    exited with code 0",
    ]
    assert "1 of 3 images done, 1 failed, 1 skipped" in lines
    assert any(line.startswith("  Wall time  10.00 s") for line in lines)
    assert any(re.match(r"  Slowest +0\.50 s  one\.jpg", line) for line in lines)
    assert any(re.match(r"  Busy +W-1 8%", line) for line in lines)
    assert err == "1 image failed:\n  two.jpg in decode: it is damaged\n"


def test_quiet_prints_failures_alone() -> None:
    assert printed(a_run(), None, io.StringIO(), quiet=True, step=60.0) == (
        "",
        "1 image failed:\n  two.jpg in decode: it is damaged\n",
    )
    assert printed(a_run(), None, Terminal(), quiet=True, step=60.0)[1].startswith("1 image failed")
    well = ended([run_started(1, 1.0), up(7, "W-1"), queued(1), begun(1, 7), done(1, 7), down(7)])
    assert printed(well, None, io.StringIO(), quiet=True, step=60.0) == ("", "")


def test_a_reason_why_the_run_ended_is_said() -> None:
    events = ended([run_started()], Outcome.CANCELLED, "stopped by SIGTERM")
    out, err = printed(events, io.StringIO(), io.StringIO())
    assert err == (
        "the run was not finished: stopped by SIGTERM\nthe same command goes on where it stopped\n"
    )
    assert "3 not done" in out


def test_on_a_terminal_of_lines_progress_is_whole_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    _, err = printed(a_run(), io.StringIO(), Terminal(), step=PLAIN_SECONDS / 2)
    assert "\x1b" not in err
    assert "\r" not in err
    assert " of 3 " in err


def test_progress_in_a_file_is_whole_lines_now_and_then() -> None:
    _, err = printed(a_run(), io.StringIO(), io.StringIO(), step=PLAIN_SECONDS / 2)
    assert "\x1b" not in err
    assert "\r" not in err
    progress = [line for line in err.splitlines() if "ETA" in line]
    assert 3 <= len(progress) <= len(a_run()) // 2 + 1
    assert progress[0].startswith("0 of 3     0%   ETA  -:--")
    assert progress[-1].startswith("3 of 3   100%")


def test_progress_on_a_terminal_is_one_line_written_over() -> None:
    _, err = printed(a_run(), io.StringIO(), Terminal(), step=REDRAW_SECONDS)
    drawn = err.split("\r\x1b[K")
    assert drawn[0] == ""
    assert all("\n" not in line for line in drawn[1:-1])
    assert drawn[1].startswith("0 of 3")
    assert drawn[-1] == "1 image failed:\n  two.jpg in decode: it is damaged\n", "wiped at the end"


def test_progress_is_not_drawn_more_often_than_it_can_be_read() -> None:
    _, err = printed(a_run(), io.StringIO(), Terminal(), step=REDRAW_SECONDS / 100)
    assert err.count(" of 3 ") == 0


def test_on_one_terminal_log_and_progress_do_not_run_into_each_other() -> None:
    screen = Terminal()
    printed(a_run(), screen, screen, step=REDRAW_SECONDS)
    # What a terminal shows: a line that was wiped is gone.
    shown = [line.rsplit("\x1b[K", 1)[-1] for line in screen.getvalue().split("\n")]
    assert "     1.00  W-1    hello" in shown
    assert not any("ETA" in line for line in shown)
    assert "\x1b" not in "".join(shown)


def harmless(text: str) -> bool:
    """Whether a terminal would obey none of it, apart from the ends of lines."""
    return text.replace("\n", "").replace("␊", "").isprintable()


@given(st.text() | st.just(HOSTILE), st.text() | st.just(HOSTILE))
def test_names_and_reasons_are_shown_harmless(label: str, reason: str) -> None:
    out, err = printed(a_run(label, reason), io.StringIO(), io.StringIO())
    for text in (out, err):
        assert "\x1b" not in text
        assert "\r" not in text
        assert "\u202e" not in text
        text.encode()
    plain_out, plain_err = printed(a_run("x", "x"), io.StringIO(), io.StringIO())
    assert out.count("\n") == plain_out.count("\n"), "a name is never two lines"
    assert err.count("\n") == plain_err.count("\n")


def test_hostile_titles_outputs_and_ends_are_shown_harmless() -> None:
    events = ended(
        [
            run_started(1, 1.0, title=HOSTILE),
            up(7, "W-1"),
            queued(1, HOSTILE),
            begun(1, 7),
            said(7, HOSTILE),
            done(1, 7, notes=[HOSTILE]),
            down(7),
        ],
        Outcome.CANCELLED,
        HOSTILE,
    )
    out, err = printed(events, io.StringIO(), io.StringIO(), step=PLAIN_SECONDS)
    assert harmless(out)
    assert harmless(err)
    assert "␛[2J" in out


def test_json_is_an_event_a_line() -> None:
    out = io.StringIO()
    printer = JsonPrinter(out)
    for event in a_run(HOSTILE):
        printer.add(event)
    assert out.getvalue().isascii()
    assert [check_json(line) for line in out.getvalue().splitlines()] == a_run(HOSTILE)


@pytest.mark.parametrize("times", [1, 2])
def test_json_is_out_at_once(times: int) -> None:
    raw = io.BytesIO()
    out = io.TextIOWrapper(raw)
    printer = JsonPrinter(out)
    for event in a_run()[:times]:
        printer.add(event)
    assert raw.getvalue().count(b"\n") == times
