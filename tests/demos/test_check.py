from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.runs.factories import run_started
from tui_app.cli import demo as commands
from tui_app.demos import catalogue, check
from tui_app.demos.catalogue import Group, demos, find_demo
from tui_app.demos.expected_times import Machine
from tui_app.demos.parameters import parameters
from tui_app.engine.machine import StartMethod
from tui_app.events import Event, Outcome, RunFinished, TaskFailed


@pytest.mark.slow
def test_what_does_not_run_is_named_with_its_reason(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good, missing, bad, lost = (
        replace(demos()[0], script=here / f"0{n}_{name}.py", name="one-call", number=n)
        for n, name in enumerate(("good", "missing", "bad", "lost"), 1)
    )
    texts = {
        good: "print('fine')\n",
        missing: "import not_installed_here\n",
        bad: "raise SystemExit(4)\n",
        lost: "import concurrent.futures as cf\nif __name__ == '__main__':\n"
        "    with cf.ProcessPoolExecutor(1) as e:\n        e.submit(int, 'x')\n",
    }
    chosen = []
    for demo, text in texts.items():
        demo.script.write_text(text)
        chosen.append(replace(demo, source=text, parameters=()))
    monkeypatch.setattr(catalogue, "demos", lambda: tuple(chosen))
    result = CliRunner().invoke(commands.check, [], standalone_mode=False)
    assert result.return_value == 1
    lines = result.output.splitlines()
    assert "✓" in lines[0]
    assert "No module named 'not_installed_here'" in lines[1]
    assert "the script exited with code 4" in lines[2]
    assert "a task failed: ValueError" in lines[3]
    assert lines[4] == "1 of 4 demos run here"


def test_a_check_is_short() -> None:
    for demo in demos():
        if not demo.of_photographs:
            with check.quick_run(demo, None) as run:
                values = {p.name: p.value for p in parameters(run.source)}
                expected = demo.expected_seconds(Machine(2), values)
                assert expected is not None or demo.group is Group.PITFALL
                assert (expected or 0.0) <= 0.7


@pytest.mark.slow
def test_a_pitfall_goes_wrong_as_it_is_meant_to_and_not_otherwise(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    meant = find_demo("map-not-read")
    wrong = meant.source.replace('"Done sleeping for " + seconds', "1 / 0")
    right = meant.source.replace('"Done sleeping for " + seconds', "seconds")
    chosen = [meant]
    for number, text in enumerate((wrong, right)):
        script = here / f"{number}.py"
        script.write_text(text)
        chosen.append(replace(meant, script=script, source=text))
    monkeypatch.setattr(catalogue, "demos", lambda: tuple(chosen))
    result = CliRunner().invoke(commands.check, [], standalone_mode=False)
    lines = result.output.splitlines()
    assert "✓" in lines[0]
    assert "a task failed: ZeroDivisionError" in lines[1]
    assert "it should have failed with TypeError, and did not" in lines[2]
    assert result.return_value == 1


def test_what_goes_wrong_may_depend_on_the_start_method() -> None:
    flaw = find_demo("no-main-guard").flaw
    assert flaw.errors_under(StartMethod.SPAWN)
    assert flaw.errors_under(StartMethod.FORKSERVER)
    assert not flaw.errors_under(StartMethod.FORK)


def problem_of(*events: Event) -> str:
    """What the check says of demo 19 where these events are all that matters."""
    reader = check.CheckReader(find_demo("no-main-guard").flaw)
    for event in (run_started(start_method=StartMethod.FORKSERVER), *events):
        reader.add(event)
    return reader.problem


def failure(error: str) -> TaskFailed:
    return TaskFailed(t=0.1, task=1, pid=None, seconds=0.0, error=error, reason=f"{error}: it")


def test_a_script_may_end_by_what_is_meant_to_go_wrong_and_by_nothing_else() -> None:
    fine = RunFinished(t=0.2, outcome=Outcome.OK)
    ended = RunFinished(t=0.2, outcome=Outcome.FAILED, reason="the script exited with code 1")
    meant, lost = failure("RuntimeError"), failure("EOFError")
    assert problem_of(meant, fine) == ""
    assert problem_of(meant, lost, ended) == ""
    assert problem_of(meant, ended) == "the script exited with code 1"
    assert problem_of(lost, ended) == "the script exited with code 1"
    assert problem_of(lost, fine) == "a task failed: EOFError: it"
    assert problem_of(meant, lost, failure("KeyError"), ended) == "a task failed: KeyError: it"
