"""The language of the command line: who asks for it, who is answered in it, and who is not."""

import json
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from tests.commands import Marked, run
from tests.images.factories import picture
from tests.test_layers import MODULES
from tui_app import language
from tui_app.cli.language import OPTION, choose_language
from tui_app.cli.main import procession
from tui_app.language import LANGUAGES
from tui_app.settings import Settings


@pytest.mark.parametrize(
    ("line", "spoken"),
    [
        ("", "en"),
        ("--lang ro", "ro"),
        ("--lang=ro batch", "ro"),
        ("batch in -o out --lang ro", "ro"),
        ("--lang ro batch --lang en", "en"),
        ("--lang", "en"),
        ("--lang xx", "en"),
        ("batch -- --lang ro", "en"),
        ("batch watch photos --lang ro", "ro"),
        ("watch --lang ro it.py", "ro"),
        ("watch --start-method fork --lang ro it.py", "ro"),
        ("watch --headless it.py --lang ro", "en"),
        ("--lang ro watch it.py --lang en", "ro"),
        ("watch it.py", "en"),
        # What is wrong, or ends the line early, stands before it.
        ("--help --lang ro", "ro"),
        ("batch --help --lang ro", "ro"),
        ("--version batch --lang ro", "ro"),
        ("batch --nothing --lang ro", "ro"),
        ("batch -X --lang ro", "ro"),
        ("batch --json=1 --lang ro", "ro"),
        ("--version=1 batch --lang ro", "ro"),
        ("batch --workers none --lang ro", "ro"),
        ("--nothing batch --lang ro", "ro"),
        ("nothing in out --lang ro", "ro"),
        (f"{'photo.jpg ' * 5_000} --lang ro", "ro"),
        ("batch --output --lang ro", "en"),
    ],
)
def test_the_line_is_read_as_click_will_read_it(line: str, spoken: str) -> None:
    choose_language(procession, line.split())
    assert language.present() == spoken


def test_asked_for_then_remembered_then_the_locales(monkeypatch: pytest.MonkeyPatch) -> None:
    def spoken(*words: str) -> str:
        choose_language(procession, words)
        return language.present()

    assert spoken() == "en"
    monkeypatch.setenv("LANG", "ro_RO.UTF-8")
    assert spoken() == "ro"
    Settings(language="en").save()
    assert spoken() == "en"
    assert spoken("--lang", "ro") == "ro"
    assert Settings.load().language == "en"


@pytest.mark.slow
def test_nothing_is_translated_while_modules_are_imported() -> None:
    """The language is not known then; what a person reads later would stay English."""
    names = [name for name in MODULES if not re.search(r"\.(assets|probe|__main__)\b", name)]
    code = f"""
from tui_app import language
def too_early(*texts, **more):
    raise AssertionError(texts)
language._ = language.counted = too_early
import {", ".join(names)}
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", [procession.name, *procession.commands])
def test_help_follows_the_language(name: str) -> None:
    command = procession.commands.get(name, procession)
    context = click.Context(command, info_name=name)
    seen: list[str] = []
    for spoken in (*LANGUAGES, language.ENGLISH):
        language.use(spoken)
        options = [one for one in command.get_params(context) if isinstance(one, click.Option)]
        texts = [command.help, *(option.help for option in options)]
        if command is procession:
            texts += [one.short_help for one in procession.commands.values()]
        told = "".join(command.get_help(context).split())
        for text in texts:
            assert text
            assert "".join(text.split()) in told
        seen += map(str, texts)
    assert set(seen[: len(texts)]) == set(seen[-len(texts) :])
    assert len(set(seen)) == len(LANGUAGES) * len(texts), "a text is not translated"


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
    assert "-h, --help" in told
    assert "Afișează acest mesaj și atât." in told
    swept = run("--lang", "ro", "sweep", "--help", where=where, cwd=tmp_path).stdout
    assert "implicit: tutorial" in " ".join(swept.split())
    done = run("batch", "--nothing", where=where, cwd=tmp_path, LANG="ro_RO.UTF-8")
    assert (done.returncode, done.stderr) == (2, "procession: Nu există opțiunea '--nothing'.\n")
    done = run("batch", "--nothing", "--lang", "ro", where=where, cwd=tmp_path)
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
