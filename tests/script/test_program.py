"""What a person gives `python` to run is read as Python reads it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_app.script.process_names import command_name
from tui_app.script.program import Program, ProgramError, ProgramForm, read_program, why_refused

options = st.lists(
    st.sampled_from([("-u",), ("-uB",), ("-OO",), ("-X", "dev"), ("-W", "error"), ("-W", "-u")]),
    max_size=3,
)
named = st.sampled_from([("x.py",), ("-m", "package.part"), ("-c", "print(1)")])
rest = st.lists(st.sampled_from(["-u", "--json", "-c", "-", "a b", "--"]), max_size=3)


@given(options, named, rest)
def test_the_words_come_out_as_they_went_in(
    options: list[tuple[str, ...]], named: tuple[str, ...], rest: list[str]
) -> None:
    flat = [word for option in options for word in option]
    program = read_program([*flat, *named, *rest])
    assert program.words == (*flat, *named, *rest)
    assert (program.options, program.arguments) == (tuple(flat), tuple(rest))
    assert program.target == named[-1]


@pytest.mark.parametrize(
    ("words", "form", "options", "target"),
    [
        (["-mjson.tool"], ProgramForm.MODULE, (), "json.tool"),
        (["-ucprint(1)"], ProgramForm.CODE, ("-u",), "print(1)"),
        (["-uWerror", "x.py"], ProgramForm.FILE, ("-u", "-W", "error"), "x.py"),
        (["--", "x.py"], ProgramForm.FILE, (), "x.py"),
    ],
)
def test_joined_words(
    words: list[str], form: ProgramForm, options: tuple[str, ...], target: str
) -> None:
    assert read_program(words) == Program(target, form, options)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ([], "name a script"),
        (["-u"], "name a script"),
        (["-"], "give it as -c CODE"),
        (["-c"], "-c needs an argument"),
        (["-ui", "x.py"], "-i is no option"),
        (["--version"], "--version is no option"),
    ],
)
def test_words_that_name_nothing(words: list[str], says: str) -> None:
    with pytest.raises(ProgramError, match=says):
        read_program(words)


@pytest.mark.parametrize(
    ("words", "option"),
    [
        (["-uI", "x.py"], "-I"),
        (["-S", "x.py"], "-S"),
        (["-X", "E", "x.py"], ""),
        (["-W", "I", "x.py", "-E"], ""),
    ],
)
def test_options_that_keep_the_probe_out(words: list[str], option: str) -> None:
    assert read_program(words).keeps_probe_out == option


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("notes.ipynb", "{}", "jupyter nbconvert --to script"),
        ("x.py", "# /// script\n# dependencies = ['rich']\n# ///\n", "uv sync --script"),
        ("x.py", "# /// script\n# dependencies = []\n# ///\n", ""),
        ("x.py", "# /// script\n# dependencies = [\n# ///\n", ""),
        ("x.py", "print('# /// script')", ""),
    ],
)
def test_files_that_are_not_played(tmp_path: Path, name: str, text: str, says: str) -> None:
    (tmp_path / name).write_text(text)
    program = Program(str(tmp_path / name))
    why = why_refused(program, has_dependencies=False)
    assert says in why
    assert bool(why) == bool(says)
    if name == "x.py":
        assert not why_refused(program, has_dependencies=True)


def test_a_folder_needs_a_main_module(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        why_refused(Program(str(tmp_path)), has_dependencies=False)
    (tmp_path / "__main__.py").touch()
    assert not why_refused(Program(str(tmp_path)), has_dependencies=False)


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (["/bin/sleep", "5"], "sleep"),
        (["/usr/bin/python3.12", "-u", "-X", "dev", "jobs/timer.py", "5"], "timer.py"),
        (["python", "-m", "http.server"], "http.server"),
        (["python3.13t", "-c", "print(1)"], "python"),
        (["python"], "python"),
        (["/opt/python-tools/run"], "run"),
        ([""], "program"),
    ],
)
def test_what_a_program_is_called(words: list[str], name: str) -> None:
    assert command_name(words) == name
