"""How predictions turned out is there as it was kept, and can be counted."""

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.odd_json import ODD_VALUES
from tui_app.demos.quiz.predictions import (
    FILE,
    Prediction,
    PredictionResult,
    load_results,
    save_results,
    score,
)

RESULT = PredictionResult(Prediction(hands=((1.0, 2), ("both", 3))), True, 3)


def place(data: object) -> None:
    FILE.path.parent.mkdir(parents=True, exist_ok=True)
    FILE.path.write_text(json.dumps(data))


def test_what_is_saved_is_there_until_it_is_forgotten() -> None:
    results = {"one-call": RESULT, "two-calls": PredictionResult(Prediction("never"), False)}
    save_results(results)
    assert load_results() == results
    assert score(load_results().values()).hands == 5
    save_results({})
    assert load_results() == {}


def test_results_survive_what_is_odd_beside_them() -> None:
    save_results({"one-call": RESULT})
    place({**FILE.load(), "two-calls": 5, "three": {"hands": "x"}, "four": None})
    assert load_results() == {"one-call": RESULT}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.dictionaries(st.sampled_from(["one-call", "x"]), ODD_VALUES))
def test_odd_results_are_left_out(data: dict[str, Any]) -> None:
    place(data)
    score(load_results().values())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(ODD_VALUES, ODD_VALUES, ODD_VALUES)
def test_results_with_odd_values_can_be_counted(said: Any, hands: Any, right_hands: Any) -> None:
    place({"one-call": {"said": said, "hands": hands, "right": 1, "right_hands": right_hands}})
    score(load_results().values())
