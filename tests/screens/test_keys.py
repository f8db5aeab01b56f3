"""A letter means one thing on all screens of a kind; here they are listed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import pytest
from textual.binding import Binding
from tui_app.screens.batch import BatchScreen
from tui_app.screens.compare import CompareScreen
from tui_app.screens.demos import DemosScreen
from tui_app.screens.recorded import RecordedScriptScreen, RecordedTasksScreen
from tui_app.screens.recorded_pair import RecordedPairScreen
from tui_app.screens.runs import RunsScreen
from tui_app.screens.sweep import SweepScreen
from tui_app.screens.watch import WatchScreen

from tui_app.app import ProcessionApp
from tui_app.widgets.comparison_choice import DemoMarks
from tui_app.widgets.demo_list import DemoList
from tui_app.widgets.log_pane import LogPane
from tui_app.widgets.log_view import LogView
from tui_app.widgets.timeline import Timeline

Meanings = dict[str, set[str]]

EVERYWHERE: Meanings = {
    "question_mark": {"Keys"},
    "h": {"Home"},
    "d": {"Demos"},
    "b": {"Batch"},
    "S": {"Sweep"},
    "u": {"Watch"},
    "R": {"Runs"},
    "q": {"Quit"},
}

OF_RUNS: Meanings = EVERYWHERE | {
    "c": {"Cancel"},
    "X": {"Export"},
    "plus": {"Zoom in"},
    "equals_sign": {"Zoom in"},
    "minus": {"Zoom out"},
    "0": {"Whole run"},
}
"""Wherever something runs and has a timeline."""

OF_LOGS: Meanings = {
    "j": {"Line down"},
    "k": {"Line up"},
    "y": {"Copy line"},
    "Y": {"Copy log"},
    "slash": {"Search"},
    "f": {"Failed only"},
    "w": {"Processes"},
    "s": {"Summary"},
}
"""Wherever a log stands beside facts: batches and scripts."""

BATCHES: Meanings = (
    OF_RUNS
    | OF_LOGS
    | {
        "H": {"Hold", "Go on"},
        "r": {"Retry"},
        "a": {"Again"},
        "e": {"Edit"},
        "t": {"Estimate"},
        "n": {"Save names"},
        "x": {"Failures"},
        "i": {"Pictures"},
    }
)

TABLES: Meanings = OF_RUNS | {
    "p": {"Plot"},
    "t": {"Table"},
    "1": {"Pairs"},
    "2": {"Your own"},
    "3": {"Settings"},
    "space": {"Mark"},
}

TURNS: Meanings = {
    "m": {"Repair", "Break again"},
    "H": {"Hold", "Go on"},
    "P": {"Play from here", "Stop here"},
}
"""Keys of scripts that turn something, and turn it back."""

TIME: Meanings = {
    "comma": {"Event before"},
    "full_stop": {"Next event"},
    "less_than_sign": {"Wait before"},
    "greater_than_sign": {"Next wait"},
    "B": {"Start of the run"},
    "E": {"End of the run"},
    "1": {"Slower"},
    "2": {"Faster"},
}
"""Keys of scripts that move in the time of a run."""

RECORDS: Meanings = {
    "n": {"Next run"},
    "p": {"Previous run"},
}
"""Keys of opened records, beside those of what they show."""

LIST: Meanings = EVERYWHERE | {
    "slash": {"Search"},
    "space": {"Mark"},
    "x": {"Compare"},
    "p": {"Pin"},
    "X": {"Export"},
    "delete": {"Delete"},
    "backspace": {"Delete"},
}
"""Keys of the list of recorded runs."""

FACTS: Meanings = {
    "g": {"Log"},
    "r": {"Prints only"},
    "W": {"Who waits for whom"},
}
"""Keys of scripts that bring something to the front, besides those of all logs."""

KINDS = {
    "batches": (BatchScreen, LogPane, LogView, Timeline),
    "tables": (SweepScreen, CompareScreen, DemoMarks, Timeline),
    "scripts": (DemosScreen, WatchScreen, DemoList, LogPane, LogView, Timeline),
    "recorded batches": (RecordedTasksScreen, LogPane, LogView, Timeline),
    "recorded scripts": (RecordedScriptScreen, LogPane, LogView, Timeline),
    "list": (RunsScreen, RecordedPairScreen, Timeline),
}

NAMED = ("enter", "escape", "up", "down", "left", "right", "home", "end", "pageup", "pagedown")
"""Keys whose meaning is the same in every program: choose, go back, move."""


def meanings(classes: Iterable[type]) -> Meanings:
    found: Meanings = defaultdict(set)
    for kind in (ProcessionApp, *classes):
        for base in kind.__mro__:
            ours = base.__module__.startswith("tui_app.")
            for binding in vars(base).get("BINDINGS", ()) if ours else ():
                assert isinstance(binding, Binding)
                for key in binding.key.split(","):
                    if key not in NAMED and not key.startswith(("ctrl+", "f5")):
                        found[key].add(binding.description)
    return dict(found)


@pytest.mark.parametrize(("kind", "table"), [("batches", BATCHES), ("tables", TABLES)])
def test_each_letter_of_a_batch_or_a_table_has_the_meaning_that_is_listed(
    kind: str, table: Meanings
) -> None:
    assert meanings(KINDS[kind]) == table


def test_a_letter_of_the_list_of_runs_has_the_meaning_that_is_listed() -> None:
    shared = {key: OF_RUNS[key] for key in ("plus", "equals_sign", "minus", "0", "X")}
    assert meanings(KINDS["list"]) == LIST | shared


@pytest.mark.parametrize("kind", ["recorded batches", "recorded scripts"])
def test_a_letter_of_a_record_means_what_it_means_where_the_run_was_shown(kind: str) -> None:
    found = meanings(KINDS[kind])
    known = OF_RUNS | OF_LOGS | TIME | TURNS | RECORDS | {"x": {"Failures"}, "g": {"Log"}}
    known |= FACTS
    assert {key: texts for key, texts in found.items() if not texts <= known.get(key, set())} == {}


def test_a_letter_of_scripts_has_one_meaning_and_that_of_batches_where_both_have_it() -> None:
    found = meanings(KINDS["scripts"])
    several = {key: texts for key, texts in found.items() if len(texts) > 1}
    assert several == TURNS
    for key, texts in (OF_RUNS | OF_LOGS | TIME | FACTS).items():
        assert found[key] == texts, key
