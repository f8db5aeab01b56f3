"""How long demos took is there as it was kept, and nothing odd with it."""

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.odd_json import ODD_VALUES
from tui_app.demos.play_times import FILE, keep_play_time, load_play_times


def test_each_demo_has_its_latest_time() -> None:
    assert load_play_times() == {}
    assert keep_play_time("one-call", 1.5) == {"one-call": 1.5}
    assert keep_play_time("two-calls", 2) == {"one-call": 1.5, "two-calls": 2}
    assert keep_play_time("one-call", 1.25) == {"one-call": 1.25, "two-calls": 2}
    assert load_play_times() == {"one-call": 1.25, "two-calls": 2}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.dictionaries(st.sampled_from(["one-call", "x"]), ODD_VALUES))
def test_odd_values_are_left_out(data: dict[str, Any]) -> None:
    FILE.path.parent.mkdir(parents=True, exist_ok=True)
    FILE.path.write_text(json.dumps(data))
    for seconds in load_play_times().values():
        assert 0 <= seconds <= 1e15
