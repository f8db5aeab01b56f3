"""The language of the command line: who asks for it, who is answered in it, and who is not."""

import json
from pathlib import Path

import click
import pytest

from tests.commands import Marked, run
from tests.images.factories import picture
from tui_app import language
from tui_app.cli.language import OPTION, SCRIPTS_OWN, asked_language, choose
from tui_app.cli.main import procession
from tui_app.settings import Settings


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        ("", None),
        ("--lang ro", "ro"),
        ("--lang=ro batch", "ro"),
        ("batch in -o out --lang ro", "ro"),
        ("--lang ro batch --lang en", "en"),
        ("--lang", None),
        ("--lang xx", None),
        ("batch -- --lang ro", None),
        ("batch watch photos --lang ro", "ro"),
        ("watch --lang ro it.py", "ro"),
        ("watch --start-method fork --lang ro it.py", "ro"),
        ("watch --headless it.py --lang ro", None),
        ("--lang ro watch it.py --lang en", "ro"),
        ("watch it.py", None),
    ],
)
def test_the_line_is_read_as_click_will_read_it(line: str, asked: str | None) -> None:
    assert asked_language(line.split()) == asked


def test_what_is_known_of_commands_whose_arguments_are_a_scripts() -> None:
    """The line is read before the commands are imported: they must be as it takes them to be."""
    for name, command in procession.commands.items():
        own = not command.context_settings.get("allow_interspersed_args", True)
        assert (name in SCRIPTS_OWN) == own
        taking = {
            word
            for option in command.params
            if isinstance(option, click.Option) and not option.is_flag and OPTION not in option.opts
            for word in option.opts
        }
        assert not own or taking == set(SCRIPTS_OWN[name])


def test_asked_for_then_remembered_then_the_locales(monkeypatch: pytest.MonkeyPatch) -> None:
    choose([])
    assert language.present() == "en"
    monkeypatch.setenv("LANG", "ro_RO.UTF-8")
    choose([])
    assert language.present() == "ro"
    Settings(language="en").save()
    choose([])
    assert language.present() == "en"
    choose(["--lang", "ro"])
    assert (language.present(), Settings.load().language) == ("ro", "en")


def test_every_command_has_the_option() -> None:
    for command in (procession, *procession.commands.values()):
        assert any(OPTION in option.opts for option in command.params), command.name


@pytest.mark.slow
@pytest.mark.as_pinned("click")
def test_help_and_errors_are_romanian_clicks_own_words_too(tmp_path: Path, where: Marked) -> None:
    told = run("--lang", "ro", "batch", "--help", where=where, cwd=tmp_path).stdout
    assert told.startswith("Utilizare:")
    assert "Opțiuni:" in told
    assert "Prelucrează imagini" in told
    assert "Afișează acest mesaj și atât." in told
    assert "implicit: tutorial" in " ".join(told.split())
    done = run("batch", "--nothing", where=where, cwd=tmp_path, LANG="ro_RO.UTF-8")
    assert (done.returncode, done.stderr) == (2, "procession: Nu există opțiunea '--nothing'.\n")
    done = run("nothing", where=where, cwd=tmp_path, LANGUAGE="ro")
    assert "Nu există comanda 'nothing'." in done.stderr
    done = run("batch", "nowhere", "--lang", "ro", "--dry-run", where=where, cwd=tmp_path)
    assert done.stderr == f"procession: nu există {tmp_path}/nowhere\n"


@pytest.mark.as_pinned("click")
def test_english_is_english_whatever_the_locale(tmp_path: Path, where: Marked) -> None:
    done = run("--lang", "en", "--help", where=where, cwd=tmp_path, LANGUAGE="ro", LANG="ro_RO")
    assert done.stdout.startswith("Usage:")
    assert "Show this message and exit." in done.stdout


@pytest.mark.slow
def test_workers_speak_it_and_what_is_recorded_has_no_language(
    tmp_path: Path, where: Marked
) -> None:
    (tmp_path / "in").mkdir()
    picture((8, 8)).save(tmp_path / "in" / "a.png")
    (tmp_path / "in" / "b.png").touch()
    done = run("batch", "in", "--json", "--lang", "ro", where=where, cwd=tmp_path)
    assert done.returncode == 1
    events = [json.loads(line) for line in done.stdout.splitlines()]
    (failed,) = [event for event in events if event["event"] == "task_failed"]
    assert (failed["error"], failed["step"]) == ("ImageError", "open")
    assert failed["reason"] == "fișierul este gol"
    assert "Eșec" not in done.stdout
    assert "b.png la open: fișierul este gol" in done.stderr
    assert "au eșuat 1 imagine:" in done.stderr


@pytest.mark.slow
def test_a_played_script_inherits_the_persons_environment(tmp_path: Path, where: Marked) -> None:
    script = tmp_path / "it.py"
    script.write_text("import os\nprint(os.environ.get('LANGUAGE'), os.environ.get('LANG'))\n")
    done = run(
        "watch", "--lang", "ro", script, where=where, cwd=tmp_path, LANG="C.UTF-8", LANGUAGE="de"
    )
    assert done.returncode == 0
    assert "de C.UTF-8" in done.stdout
    assert "a pornit" in done.stdout
