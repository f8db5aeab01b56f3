"""The schema of the events says what `tui_app/events.py` has, and accepts what was recorded."""

import json
from collections.abc import Iterable
from dataclasses import MISSING, Field, fields
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError

from tests.commands import Marked, run
from tests.images.factories import picture
from tests.invariants import ANY_LINE, EVENTS_SCHEMA, check_json, check_stream
from tui_app.events import (
    KINDS,
    SCHEMA,
    Event,
    Outcome,
    RunStarted,
    Stream,
    TaskFinished,
    ThreadKind,
    WaitKind,
    from_json,
)
from tui_app.summary import BusyShare, Summary

DEFS = EVENTS_SCHEMA["$defs"]
IMAGE_RESULT = Draft202012Validator({"$ref": "#/$defs/image_result", "$defs": DEFS})
STREAMS = sorted((Path(__file__).parent / "streams").glob("*.jsonl"))


def choice(enum: type[StrEnum]) -> dict[str, Any]:
    return {"enum": [str(one) for one in enum]}


SHAPES: dict[str, dict[str, Any]] = {
    "str": {"type": "string"},
    "str | None": {"type": ["string", "null"]},
    "int": {"type": "integer"},
    "int | None": {"type": ["integer", "null"]},
    "float": {"type": "number"},
    "float | None": {"type": ["number", "null"]},
    "bool": {"type": "boolean"},
    "bool | None": {"type": ["boolean", "null"]},
    "Sequence[str]": {"type": "array", "items": {"type": "string"}},
    "Mapping[str, Any]": {"type": "object"},
    "Sequence[Mapping[str, Any]]": {"type": "array", "items": {"type": "object"}},
    "tuple[BusyShare, ...]": {"type": "array", "items": {"type": "object"}},
    "Stream": choice(Stream),
    "Outcome": choice(Outcome),
    "ThreadKind": choice(ThreadKind),
    "WaitKind | str": {"anyOf": [*({"const": str(kind)} for kind in WaitKind), {"type": "string"}]},
}
"""What the schema says of a field, by the type that it has in Python."""


def resolved(part: dict[str, Any]) -> dict[str, Any]:
    """The part with what it refers to."""
    name = part.get("$ref", "").removeprefix("#/$defs/")
    return {**DEFS[name], **part} if name else part


def shape(part: dict[str, Any]) -> dict[str, Any]:
    """The types and the choices that it allows, without words and limits."""
    part = resolved(part)
    found: dict[str, Any] = {key: part[key] for key in ("type", "enum") if key in part}
    if "items" in part:
        found["items"] = shape(part["items"])
    if "anyOf" in part:
        found["anyOf"] = [
            {key: one[key] for key in ("const", "type") if key in one} for one in part["anyOf"]
        ]
    return found


def has_default(one: Field[Any]) -> bool:
    return one.default is not MISSING or one.default_factory is not MISSING


def check_fields(part: dict[str, Any], told: Iterable[Field[Any]]) -> None:
    """Each field is there in this order, with its type and with words."""
    properties = {name: one for name, one in part["properties"].items() if name != "event"}
    assert list(properties) == [one.name for one in told]
    for one in told:
        assert shape(properties[one.name]) == SHAPES[str(one.type)], one.name
        assert resolved(properties[one.name])["description"].strip(), one.name


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(EVENTS_SCHEMA)
    assert EVENTS_SCHEMA["$id"].endswith(f":{SCHEMA}")
    assert DEFS["run_started"]["properties"]["schema"]["const"] == SCHEMA


def test_it_has_every_event_and_no_other() -> None:
    names = [name for name, part in DEFS.items() if "event" in part.get("properties", {})]
    assert names == [kind.event for kind in KINDS]
    assert EVENTS_SCHEMA["allOf"] == [
        {
            "if": {"properties": {"event": {"const": name}}},
            "then": {"$ref": f"#/$defs/{name}"},
        }
        for name in names
    ]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: str(kind.event))
def test_it_has_every_field_of_an_event_and_no_other(kind: type[Event]) -> None:
    part = DEFS[kind.event]
    assert part["description"].strip()
    assert part["properties"]["event"] == {"const": kind.event}
    check_fields(part, fields(kind))
    # A reader must know the version; what else has a default may be missing.
    always = [one.name for one in fields(kind) if not has_default(one) or one.name == "schema"]
    assert part["required"] == ["event", *always]


LATER = ("calls",)


@pytest.mark.parametrize(("name", "told"), [("summary", Summary), ("busy_share", BusyShare)])
def test_it_has_every_field_of_the_summary(name: str, told: Any) -> None:
    check_fields(DEFS[name], fields(told))
    # What came later is missing in runs that were written down before.
    assert DEFS[name]["required"] == [one for one in DEFS[name]["properties"] if one not in LATER]


# What it accepts

WAITING = {"event": "waiting", "t": 1.0, "pid": 2, "kind": "join", "object": "P-1"}


@pytest.mark.parametrize(
    "more",
    [
        {"event": "coffee_break", "pid": "none"},
        {"kind": "lock", "holder": "P-1"},
        {"colour": "blue"},
        {"object": None, "timeout": 2, "thread": 1},
    ],
)
def test_what_may_be_added_is_accepted(more: dict[str, object]) -> None:
    ANY_LINE.validate(WAITING | more)


@pytest.mark.parametrize(
    "wrong",
    [
        {"t": None},
        {"t": -1.0},
        {"event": 3},
        {"pid": "2"},
        {"kind": None},
        {"line": 0},
        {"line": 1.5},
        {"event": "output", "stream": "fax", "text": ""},
        {"event": "output", "stream": "stdout"},
        {"event": "task_progress", "task": 1, "step": "", "fraction": 1.5},
        {"event": "run_finished", "outcome": "fine"},
        {"event": "run_finished", "outcome": "ok", "summary": {"wall": 1.0}},
    ],
)
def test_what_breaks_a_promise_is_not(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        ANY_LINE.validate(WAITING | wrong)


def test_another_version_is_not() -> None:
    started = json.loads(STREAMS[0].read_text("utf-8").splitlines()[0])
    ANY_LINE.validate(started)
    with pytest.raises(ValidationError):
        ANY_LINE.validate(started | {"schema": SCHEMA + 1})


# Recorded streams: they stay as they are while `SCHEMA` does, and so must be accepted for ever.


@pytest.mark.parametrize("stream", STREAMS, ids=lambda path: path.stem)
def test_a_recorded_stream_is_accepted(stream: Path) -> None:
    for line in stream.read_text("utf-8").splitlines():
        ANY_LINE.validate(json.loads(line))
        assert from_json(line) is not None


def test_all_that_there_is_was_recorded() -> None:
    lines = [json.loads(line) for path in STREAMS for line in path.read_text("utf-8").splitlines()]
    assert {line["event"] for line in lines} == {kind.event for kind in KINDS}
    assert {line["kind"] for line in lines if line["event"] == "waiting"} == set(WaitKind)
    assert {line["outcome"] for line in lines if "outcome" in line} == set(Outcome)


# What commands tell now

SCRIPT = """
import sys, time
from concurrent.futures import ProcessPoolExecutor, as_completed

def work(n):
    time.sleep(0.02)
    return 1 / n

if __name__ == "__main__":
    with ProcessPoolExecutor(2) as executor:
        for future in as_completed([executor.submit(work, n) for n in (0, 1, 2)]):
            print(future.exception(), end="", flush=True)
    sys.exit("one failed")
"""

COMMANDS: dict[str, tuple[list[str], int]] = {
    "a batch with a broken file": (["batch", "in", "-o", "out", "--retries", "1"], 1),
    "a batch by threads": (["batch", "in/a.jpg", "-o", "out", "--executor", "threads"], 0),
    "a demo with a pool": (["demo", "pool-list", "--set", "seconds=0.05"], 0),
    "a script with tasks that fail": (["watch", "script.py"], 1),
    "a comparison": (["compare", "2", "5", "--set", "seconds=0.05"], 0),
    "a sweep": (
        ["sweep", "--work", "sleeping", "--executor", "processes", "--rounds", "1", "--up-to", "1"],
        0,
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("case", COMMANDS)
def test_what_a_command_tells_is_accepted(case: str, tmp_path: Path, where: Marked) -> None:
    (tmp_path / "in").mkdir()
    for name in ("a", "b"):
        picture((32, 24)).save(tmp_path / "in" / f"{name}.jpg")
    (tmp_path / "in" / "bad.jpg").write_bytes(b"no image")
    (tmp_path / "script.py").write_text(SCRIPT)
    words, code = COMMANDS[case]
    option, *rest = words
    done = run(option, "--json", *rest, where=where, cwd=tmp_path)
    assert done.returncode == code, done.stderr
    events = [check_json(line) for line in done.stdout.splitlines()]
    for event in events:
        if isinstance(event, TaskFinished) and option == "batch":
            assert list(event.result) == list(DEFS["image_result"]["properties"])
            IMAGE_RESULT.validate(event.result)
    starts = [n for n, event in enumerate(events) if isinstance(event, RunStarted)]
    for start, end in zip(starts, [*starts[1:], len(events)], strict=True):
        check_stream(events[start:end], all_tasks=option == "batch")
