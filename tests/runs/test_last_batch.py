"""The latest batch is there as it was kept, or not at all."""

import json
from dataclasses import asdict
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.odd_json import ODD_VALUES
from tui_app.runs.last_batch import FILE, LastBatch

BATCH = LastBatch("out", 3, 1, 1, 1, 2.5, "2026-08-09T10:11:12+02:00")


def test_what_is_saved_is_there() -> None:
    assert LastBatch.load() is None
    BATCH.save()
    assert LastBatch.load() == BATCH


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.sampled_from([*LastBatch.__slots__]), ODD_VALUES)
def test_a_batch_with_an_odd_value_is_none(field: str, value: Any) -> None:
    FILE.path.parent.mkdir(parents=True, exist_ok=True)
    FILE.path.write_text(json.dumps({**asdict(BATCH), field: value}))
    batch = LastBatch.load()
    if batch is not None:
        batch.output.encode()
        assert all(0 <= number <= 1e15 for number in (batch.tasks, batch.ok, batch.wall))
