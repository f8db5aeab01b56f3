import os
import resource
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui_app.files.folder import Folder, Stamp
from tui_app.images.output import journal
from tui_app.images.output.hidden import ForeignFileError
from tui_app.images.output.journal import JOURNAL, Journal
from tui_app.images.output.journal_lines import (
    Begun,
    Failed,
    JournalError,
    JournalLine,
    Made,
    Reported,
    from_line,
    to_line,
)

NAMES = st.binary(min_size=1, max_size=40).map(os.fsdecode) | st.sampled_from(
    ["a.jpg", "two\nlines.jpg", "\x1b[2J.jpg", "latin\udcff.jpg", "\u202egpj.jpg", "[red]/x.jpg"]
)
STAMPS = st.builds(Stamp, st.integers(0, 2**40), st.integers(0, 2**62))
LINES: st.SearchStrategy[JournalLine] = st.one_of(
    st.builds(Begun, NAMES),
    st.builds(
        Made, NAMES, STAMPS, NAMES, STAMPS, st.text("0123456789abcdef"), st.integers(0, 2**33)
    ),
    st.builds(Failed, NAMES),
    st.builds(Reported, NAMES, STAMPS),
)


def read(folder: Path) -> tuple[list[JournalLine], int]:
    """The lines of a folder's journal, and how many were read past."""
    with Folder.open(str(folder)) as opened:
        journal = Journal(opened, opened.status)
        return list(journal.lines()), journal.unread


def write(folder: Path, lines: Sequence[JournalLine]) -> None:
    """Appends lines as workers do."""
    with Folder.open(str(folder)) as opened:
        for line in lines:
            Journal(opened, opened.status).append(line)


def make_ready(folder: Path, there: Callable[[str], Stamp | None] = lambda name: None) -> bool:
    """Makes a folder's journal ready for a run."""
    with Folder.open(str(folder)) as opened:
        return Journal(opened, opened.status).prepare(there)


def meaning(lines: Sequence[JournalLine]) -> dict[str, tuple[Begun | None, Made | None]]:
    """What the lines come to for each output: what is under way, and what was made last."""
    known: dict[str, tuple[Begun | None, Made | None]] = {}
    for line in lines:
        _, made = known.get(line.output, (None, None))
        match line:
            case Begun():
                known[line.output] = line, made
            case Made():
                known[line.output] = None, line
            case Failed() | Reported():
                known[line.output] = None, made
    return {name: what for name, what in known.items() if what != (None, None)}


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for the journals that hypothesis makes, one after another."""
    return tmp_path_factory.mktemp("journals")


@pytest.fixture
def limited() -> Iterator[None]:
    """Whatever a test does to the size of files is undone."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    signal.signal(signal.SIGXFSZ, handler)


@given(LINES)
def test_a_line_survives(line: JournalLine) -> None:
    written = to_line(line)
    assert written.isascii()
    assert written.count(b"\n") == 1
    assert from_line(written) == line


@settings(max_examples=60)
@given(st.lists(LINES, min_size=1, max_size=6), st.data())
def test_a_journal_torn_anywhere_says_what_stood_before_and_goes_on(
    scratch: Path, lines: list[JournalLine], data: st.DataObject
) -> None:
    file = scratch / JOURNAL
    file.unlink(missing_ok=True)
    write(scratch, lines)
    whole = file.read_bytes()
    at = data.draw(st.integers(0, len(whole) - 1))
    file.write_bytes(whole[:at])
    # The head is the first line; of a line only its newline may be missing.
    before = whole[:at].count(b"\n") - 1
    there, unread = read(scratch)
    assert there in (lines[: max(0, before)], lines[: before + 1])
    assert unread <= 1
    write(scratch, [Failed("more")])
    assert read(scratch) == ([*there, Failed("more")], unread)


@settings(max_examples=60)
@given(st.lists(LINES | st.binary(max_size=60), max_size=8))
def test_foreign_lines_are_read_past(scratch: Path, mixed: list[JournalLine | bytes]) -> None:
    ours = [each for each in mixed if not isinstance(each, bytes)]
    foreign = [each.replace(b"\n", b"?") for each in mixed if isinstance(each, bytes)]
    texts = [
        to_line(e) if not isinstance(e, bytes) else b"%b\n" % e.replace(b"\n", b"?") for e in mixed
    ]
    (scratch / JOURNAL).write_bytes(b"".join(texts))
    assert read(scratch) == (ours, sum(bool(each.strip()) for each in foreign))


@pytest.mark.parametrize(
    "text",
    [
        b"[" * 50_000,
        b"x" * 1_000_000,
        b'{"event":"begun"}',
        b'{"event":"begun","output":7}',
        b'{"event":"reported","output":"a","stamp":[1]}',
        b'{"event":"reported","output":"a","stamp":[1,true]}',
        b'{"event":"reported","output":"a","stamp":null}',
        b'{"event":"dance","output":"a"}',
        b'{"event":["begun"],"output":"a"}',
        b'{"event":"made","output":"a","at":' + b"9" * 5_000 + b"}",
        b'{"event":"made","output":"a","stamp":[1,2],"source":"a","of":[1,2],"recipe":"r","at":1%b}'
        % (b"0" * 30),
        b"null",
        b"\xff\xfe{\x00}\x00",
        '{"event":"begun","output":"ä"}'.encode(),
    ],
)
def test_what_is_no_line_of_ours_is_one_line_read_past(tmp_path: Path, text: bytes) -> None:
    (tmp_path / JOURNAL).write_bytes(text + b"\n" + to_line(Failed("a")))
    assert read(tmp_path) == ([Failed("a")], 1)


@pytest.mark.parametrize("version", [b"2", b"0", b'"1"', b"null"])
def test_a_journal_of_another_version_is_left_alone(tmp_path: Path, version: bytes) -> None:
    file = tmp_path / JOURNAL
    written = b'{"event":"journal","version":' + version + b"}\n" + to_line(Failed("a"))
    file.write_bytes(written)
    with pytest.raises(JournalError):
        read(tmp_path)
    with pytest.raises(JournalError):
        make_ready(tmp_path)
    assert file.read_bytes() == written


def test_where_there_is_none_there_is_nothing_to_read(tmp_path: Path) -> None:
    assert read(tmp_path) == ([], 0)
    assert make_ready(tmp_path)
    assert read(tmp_path) == ([], 0)
    assert [path.name for path in tmp_path.iterdir()] == [JOURNAL]


@pytest.mark.parametrize("obstacle", ["fifo", "folder", "link", "dangling link", "second name"])
def test_what_is_not_ours_in_its_place_is_set_aside_and_left(tmp_path: Path, obstacle: str) -> None:
    folder, theirs = tmp_path / "hidden", tmp_path / "theirs"
    folder.mkdir()
    file = folder / JOURNAL
    line = to_line(Failed("theirs"))
    match obstacle:
        case "fifo":
            os.mkfifo(file)
        case "folder":
            file.mkdir()
        case "link":
            theirs.write_bytes(line)
            file.symlink_to(theirs)
        case "second name":
            theirs.write_bytes(line)
            file.hardlink_to(theirs)
        case _:
            file.symlink_to(theirs)
    for use in (read, lambda folder: write(folder, [Failed("ours")])):
        with pytest.raises(ForeignFileError):
            use(folder)
    assert not make_ready(folder)
    write(folder, [Failed("ours")])
    assert read(folder) == ([Failed("ours")], 0)
    assert len(list(folder.iterdir())) == 2
    if theirs.exists():
        assert theirs.read_bytes() == line


@pytest.mark.timeout(20)
def test_a_hole_of_a_terabyte_is_not_read(tmp_path: Path) -> None:
    write(tmp_path, [Failed("before")])
    os.truncate(tmp_path / JOURNAL, 2**40)
    write(tmp_path, [Failed("after")])
    lines, _unread = read(tmp_path)
    assert lines == [Failed("before"), Failed("after")]


def test_no_more_is_read_than_can_be_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, [Failed(str(number)) for number in range(1_000)])
    monkeypatch.setattr(journal, "LARGEST", 10_000)
    assert 0 < len(read(tmp_path)[0]) < 500


def test_lines_of_many_writers_at_once_stand_apart(tmp_path: Path) -> None:
    names = [[f"{writer}-{number}" for number in range(50)] for writer in range(6)]
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda each: write(tmp_path, [Failed(name) for name in each]), names))
    lines, unread = read(tmp_path)
    assert (sorted(line.output for line in lines), unread) == (
        sorted(name for each in names for name in each),
        0,
    )


@pytest.mark.slow
@settings(max_examples=30)
@given(
    st.lists(
        st.one_of(
            st.builds(Begun, st.sampled_from("abc")),
            st.builds(Failed, st.sampled_from("abc")),
            st.builds(
                Made,
                st.sampled_from("abc"),
                STAMPS,
                st.just("../a"),
                STAMPS,
                st.just("f00d"),
                st.integers(0, 9),
            ),
        ),
        min_size=20,
        max_size=40,
    )
)
def test_a_long_journal_is_written_anew_and_means_the_same(
    scratch: Path, lines: list[JournalLine]
) -> None:
    (scratch / JOURNAL).unlink(missing_ok=True)
    write(scratch, lines)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(journal, "FEW_LINES", 15)
        make_ready(scratch)
    kept, unread = read(scratch)
    assert unread == 0
    assert len(kept) <= 2 * 3
    assert meaning(kept) == meaning(lines)
    assert [path.name for path in scratch.iterdir()] == [JOURNAL]


def made(number: int) -> Made:
    return Made("a", Stamp(number, number), "../a", Stamp(1, 1), "f00d", 1)


@given(st.lists(st.integers(0, 4), min_size=16, max_size=30), st.integers(0, 5))
def test_what_stands_there_is_still_known_from_a_journal_that_was_written_anew(
    scratch: Path, numbers: list[int], there: int
) -> None:
    """The last line may tell of an output that never got its name."""
    (scratch / JOURNAL).unlink(missing_ok=True)
    write(scratch, [made(number) for number in numbers])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(journal, "FEW_LINES", 15)
        make_ready(scratch, lambda name: Stamp(there, there))
    kept, _ = read(scratch)
    assert len(kept) <= 2
    assert kept[-1] == made(numbers[-1])
    assert (made(there) in kept) == (there in numbers)


def test_a_journal_that_is_not_much_too_long_stays(tmp_path: Path) -> None:
    lines: list[JournalLine] = [Begun(str(n % 400)) for n in range(journal.FEW_LINES + 1)]
    write(tmp_path, lines)
    make_ready(tmp_path)
    assert read(tmp_path)[0] == lines


def test_a_line_that_a_full_disk_tears_is_told_and_the_next_one_stands_alone(
    tmp_path: Path, limited: None
) -> None:
    line = Begun("a" * 50)
    write(tmp_path, [line])
    size = (tmp_path / JOURNAL).stat().st_size
    hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 20, hard))
    for _ in range(3):
        with pytest.raises(OSError, match=r"[Nn]o space|[Ff]ile too large"):
            write(tmp_path, [line])
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    write(tmp_path, [line])
    assert read(tmp_path) == ([line, line], 1)
