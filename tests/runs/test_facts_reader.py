import pytest

from tests.runs.factories import demo_started
from tests.screens.sample_demo import joined
from tui_app.events import Line
from tui_app.runs import facts_reader
from tui_app.runs.facts_reader import FactsReader


def test_it_keeps_the_latest_run_without_its_lines() -> None:
    reader = FactsReader()
    for event in [demo_started(), *joined()]:
        reader.add(event)
    assert reader.facts.events == tuple(one for one in joined() if not isinstance(one, Line))
    assert reader.facts.events


def test_of_a_run_without_end_it_keeps_the_beginning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facts_reader, "MOST_EVENTS", 3)
    reader = FactsReader()
    for event in joined():
        reader.add(event)
    assert len(reader.facts.events) == 4
