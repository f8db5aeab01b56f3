"""Each demo's question is answered by the events of its run, and by nothing else."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tests.runs.factories import demo_started
from tests.script.playing import Played, play_demo, play_until
from tui_app import language
from tui_app.demos.catalogue import demos, find_demo
from tui_app.demos.demo_run import SAMPLES
from tui_app.demos.expected_times import Machine
from tui_app.demos.parameters import Value
from tui_app.demos.quiz.predictions import Prediction, PredictionResult, Score, mark, score
from tui_app.demos.quiz.question import MOST_GUESSES, Answer, Question, Unit
from tui_app.demos.quiz.questions import QUESTIONS, find_question
from tui_app.events import (
    Event,
    Outcome,
    Output,
    ProcessExited,
    ProcessStarted,
    Resumed,
    RunFinished,
    Stream,
    TaskFinished,
    TaskQueued,
    TaskStarted,
    Waiting,
    WaitKind,
)
from tui_app.script.facts import Facts, Stretch

every_demo = pytest.mark.parametrize("demo", demos(), ids=lambda demo: demo.name)

MAIN, ONE, TWO = 100, 101, 102
NAMES = {MAIN: "main", ONE: "P-1", TWO: "P-2"}


# A run as it might have been


def said(t: float, pid: int, text: str, *, partial: bool = False) -> Output:
    return Output(t=t, pid=pid, stream=Stream.STDOUT, text=text, partial=partial)


def slept(pid: int, start: float, end: float, seconds: float = 1) -> Iterator[Event]:
    yield Waiting(t=start, pid=pid, kind=WaitKind.SLEEP, timeout=seconds)
    yield Resumed(t=end, pid=pid)


def worked(task: int, pid: int, start: float, end: float) -> Iterator[Event]:
    yield TaskQueued(t=0.0, task=task, label=f"task {task}", weight=1.0)
    yield TaskStarted(t=start, task=task, pid=pid)
    yield TaskFinished(t=end, task=task, pid=pid, seconds=end - start)


def facts(*events: Event, outcome: Outcome = Outcome.OK, end: float = 2.0) -> Facts:
    """A whole run of main and two others, in which these things happened."""
    frame: list[Event] = [demo_started(run="cafe", title="")]
    frame += [
        ProcessStarted(t=0.0, pid=pid, parent=1 if pid == MAIN else MAIN, name=name)
        for pid, name in NAMES.items()
    ]
    frame += sorted(events, key=lambda event: event.t)
    frame += [ProcessExited(t=end, pid=pid, exitcode=0) for pid in NAMES]
    return Facts([*frame, RunFinished(t=end, outcome=outcome)])


FINISHED = said(1.9, MAIN, "Finished in 1.85 second(s)")
AT_ONCE = [*slept(ONE, 0.1, 1.1), *slept(TWO, 0.2, 1.2)]
IN_TURN = [*slept(ONE, 0.0, 0.9), *slept(TWO, 0.9, 1.8)]
DONE = [said(1.1, ONE, "Done sleeping..."), said(1.2, TWO, "Done sleeping...")]


def ordered(*lengths: float) -> list[Event]:
    return [
        said(0.1 * n, MAIN, f"Done sleeping for {length} second(s)")
        for n, length in enumerate(lengths)
    ]


@pytest.mark.parametrize(
    ("name", "events", "values", "answer"),
    [
        ("one-call", [FINISHED], {}, 1.85),
        ("one-call", [said(1, MAIN, "I am done")], {}, None),
        ("two-calls", [said(1, MAIN, "Finished in", partial=True), said(1, MAIN, " 4.2")], {}, 4.2),
        ("process-created", [FINISHED], {}, 0.0),
        ("process-created", [said(0.1, MAIN, "Sleeping for 1 second(s)...")] * 2, {}, 2.0),
        ("process-started", [FINISHED, *DONE], {}, "done"),
        ("process-started", [replace(FINISHED, t=0.3), *DONE], {}, "finished"),
        ("process-started", [FINISHED], {}, "never"),
        ("process-started", DONE, {}, None),
        ("process-joined", [FINISHED], {}, 1.85),
        ("loop-not-joined", [said(1, MAIN, "Finished in 0.12"), *AT_ONCE], {}, "start"),
        ("loop-not-joined", [said(1, MAIN, "Finished in 1.14"), *AT_ONCE], {}, "one"),
        ("loop-not-joined", [said(1, MAIN, "Finished in 2.03"), *IN_TURN], {}, "all"),
        ("loop-not-joined", [said(1, MAIN, "Finished in 2.03")], {}, None),
        ("loop-joined", AT_ONCE, {}, 2.0),
        ("loop-joined", IN_TURN, {}, 1.0),
        ("loop-joined", [FINISHED], {}, None),
        ("process-args", [*slept(ONE, 0, 1, 2), *slept(TWO, 0, 1, 2)], {}, "each"),
        ("process-args", [*slept(ONE, 0, 1, 1.0), *slept(TWO, 0, 1, 1.0)], {}, "shared"),
        ("process-args", slept(ONE, 0, 1, 2), {}, "first"),
        ("process-args", [*slept(ONE, 0, 1, 7), *slept(TWO, 0, 1, 7)], {}, None),
        ("pool-submit", [*DONE, FINISHED], {}, "done"),
        ("pool-result", DONE, {}, "worker"),
        ("pool-result", [said(1, MAIN, "Done sleeping...")], {}, "main"),
        ("pool-result", [*DONE, said(1, MAIN, "Done sleeping...")], {}, "both"),
        ("pool-result", [FINISHED], {}, None),
        ("pool-two", [FINISHED], {}, 1.85),
        ("pool-list", AT_ONCE, {}, 2.0),
        ("pool-as-completed", [FINISHED], {}, 1.85),
        ("pool-completion-order", ordered(1, 2, 3), {"SECONDS": (3, 2, 1)}, "shortest"),
        ("pool-completion-order", ordered(3, 2, 1), {"SECONDS": (3, 2, 1)}, "submitted"),
        ("pool-completion-order", ordered(2, 3, 1), {"SECONDS": (3, 2, 1)}, "other"),
        ("pool-completion-order", ordered(1, 2), {"SECONDS": (3, 2, 1)}, None),
        ("pool-map-order", ordered(2, 2), {"SECONDS": (2, 2)}, None),
        ("pool-map-order", ordered(0.2, 0.1), {"SECONDS": (0.2, 0.1)}, "submitted"),
        ("images-sequential", worked(1, MAIN, 0.1, 1.9), {}, 1.0),
        ("images-sequential", [*worked(1, ONE, 0, 1), *worked(2, TWO, 0.5, 1)], {}, 2.0),
        ("images-pool", [*worked(1, ONE, 0.0, 1.8), *worked(2, TWO, 0.1, 1.9)], {}, 1.8),
        ("images-pool", [e for n in (1, 2, 3) for e in worked(n, ONE, 0.0, 1.8)], {}, None),
    ],
)
def test_what_the_events_answer(
    name: str, events: list[Event], values: dict[str, Value], answer: Answer | None
) -> None:
    found = QUESTIONS[name].answer(facts(*events), find_demo(name).values | values)
    assert found == (pytest.approx(answer) if isinstance(answer, float) else answer)


@every_demo
def test_a_cancelled_run_answers_nothing(demo) -> None:  # type: ignore[no-untyped-def]
    question = find_question(demo.name)
    assert question is not None
    told = facts(*AT_ONCE, *DONE, FINISHED, *worked(1, ONE, 0, 1), outcome=Outcome.CANCELLED)
    assert question.answer(told, demo.values) is None
    assert question.answer(Facts(told.events[:-1]), demo.values) is None


def test_facts_of_a_run_that_was_cut_off() -> None:
    told = Facts([*facts(*slept(ONE, 0.5, 1.0)).events[:5]])
    assert told.stretches(WaitKind.SLEEP) == [Stretch(0.5, 0.5)]
    assert (told.wall, told.took, told.outcome) == (None, None, None)
    assert Facts([]).processes == []


# Asking


@every_demo
def test_each_demo_has_a_question_with_its_words(demo) -> None:  # type: ignore[no-untyped-def]
    question = find_question(demo.name)
    assert question is not None
    words = demo.lesson(Machine(4)).predict
    assert words is not None
    assert "?" in words.question
    assert words.reason
    assert "{" not in "".join([words.question, words.reason, *(text for _, text in words.choices)])
    assert bool(words.choices) is (question.unit is None)
    assert question.asked(demo.values, Machine(4))
    language.use("ro")
    assert demo.lesson(Machine(4)).predict is not None


@given(st.data())
def test_guesses_can_be_told_apart(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from([n for n, q in QUESTIONS.items() if q.unit is not None]))
    demo, machine = find_demo(name), Machine(data.draw(st.integers(1, 64)))
    values = demo.values | {
        key: data.draw(st.integers(1, 50))
        for key in demo.values.keys() & {"CALLS", "SECONDS", "WORKERS", "PHOTOS"}
    }
    guesses = QUESTIONS[name].guesses(values, machine)
    assert 3 <= len(guesses) <= MOST_GUESSES
    assert list(guesses) == sorted(guesses)
    likely = QUESTIONS[name].ideas(values, machine)[0]
    # One hand is right at most, and the likely number can be raised for.
    assert [QUESTIONS[name].grade(guess, likely) for guess in guesses].count(True) == 1
    assert likely in guesses


@pytest.mark.parametrize(
    ("name", "values", "asked"),
    [
        ("loop-not-joined", {"CALLS": 1}, False),
        ("process-args", {"CALLS": 1}, False),
        ("pool-map-order", {"SECONDS": (1, 1, 1)}, False),
        ("pool-completion-order", {"SECONDS": (1, 2)}, False),
        ("pool-completion-order", {"SECONDS": (2, 1)}, True),
        ("images-pool", {"WORKERS": 3}, False),
        ("images-pool", {"WORKERS": 2}, True),
    ],
)
def test_what_has_two_right_answers_is_not_asked(
    name: str, values: dict[str, Value], asked: bool
) -> None:
    assert QUESTIONS[name].asked(find_demo(name).values | values, Machine(2)) is asked


@pytest.mark.parametrize(
    ("unit", "said_so", "answer", "right"),
    [
        (Unit.SECONDS, 1.0, 1.06, True),
        (Unit.SECONDS, 1.0, 1.34, False),
        (Unit.SECONDS, 0.0, 0.3, True),
        (Unit.SECONDS, 3.0, 3.9, True),
        (Unit.SECONDS, 3.0, 4.1, False),
        (Unit.SECONDS, 2.0, 1.06, False),
        (Unit.COUNT, 10.0, 9.0, False),
        (Unit.COUNT, 10.0, 10.0, True),
        (Unit.TIMES, 2.0, 1.72, True),
        (Unit.TIMES, 8.0, 3.45, False),
        (None, "done", "done", True),
        (None, "done", "never", False),
    ],
)
def test_what_is_graded_right(
    unit: Unit | None, said_so: Answer, answer: Answer, right: bool
) -> None:
    assert Question(lambda *_: None, unit).grade(said_so, answer) is right


def test_marks_of_one_and_of_a_class() -> None:
    question = QUESTIONS["process-started"]
    alone, hands = Prediction("done"), (("done", 12), ("finished", 18), ("never", 0))
    a_class = Prediction(hands=hands)
    assert mark(question, alone, "finished") == PredictionResult(alone, False)
    assert mark(question, a_class, "finished") == PredictionResult(a_class, True, 18)
    assert mark(question, a_class, "done") == PredictionResult(a_class, False, 12)
    assert mark(question, alone, None) is mark(question, Prediction(), "done") is None
    marks = [
        PredictionResult(alone, False),
        PredictionResult(a_class, True, 18),
        PredictionResult(a_class, False, 12),
    ]
    assert score(marks) == Score(right=1, predicted=3, right_hands=30, hands=60)


# Playing

CHOICES: Mapping[str, tuple[dict[str, object], str]] = {
    "process-started": ({"seconds": 0.6}, "finished"),
    "loop-not-joined": ({"seconds": 2, "calls": 3}, "start"),
    "process-args": ({"seconds": 0.2, "calls": 3}, "each"),
    "pool-submit": ({"seconds": 0.2}, "done"),
    "pool-result": ({"seconds": 0.2}, "main"),
    "pool-completion-order": ({"seconds": [0.9, 0.6, 0.3], "workers": 3}, "shortest"),
    "pool-map-order": ({"seconds": [0.4, 0.3, 0.2], "workers": 3}, "submitted"),
}
"""What is played, in short, and the right choice."""


@pytest.mark.slow
@pytest.mark.parametrize("name", CHOICES)
async def test_a_choice_is_graded_by_what_was_played(name: str) -> None:
    values, right = CHOICES[name]
    demo, question = find_demo(name), QUESTIONS[name]
    played = await play_demo(name, None, **values)
    texts = {key: str(value) for key, value in values.items()}
    answer = question.answer(played, demo.values | demo.parse(texts))
    words = demo.lesson(Machine(2)).predict
    assert answer is not None
    assert words is not None
    graded = {key: question.grade(key, answer) for key, _ in words.choices}
    assert graded == {key: key == right for key, _ in words.choices}


SECONDS: Mapping[str, tuple[dict[str, float], Callable[[float], float]]] = {
    "one-call": ({"seconds": 0.6}, lambda slept: 2 * slept),
    "two-calls": ({"seconds": 0.6}, lambda slept: slept / 2),
    "process-joined": ({"seconds": 1.2}, lambda slept: 2 * slept),
    "pool-two": ({"seconds": 1.2}, lambda slept: 2 * slept),
    "pool-as-completed": ({"seconds": 0.6, "calls": 5, "workers": 2}, lambda slept: slept / 2),
}
"""What is played, in short, and a wrong idea of its time, from the time that was slept through."""


@pytest.mark.slow
@pytest.mark.parametrize("name", SECONDS)
async def test_seconds_are_graded_by_what_was_played(name: str) -> None:
    values, wrong = SECONDS[name]
    question = QUESTIONS[name]

    def graded(played: Played) -> tuple[bool, bool]:
        """What becomes of the time that was slept through, and of a wrong idea of it."""
        answer = question.answer(played, find_demo(name).values)
        assert answer is not None
        # From the first sleep to the end of the last: as the timeline shows it.
        sleeps = played.stretches(WaitKind.SLEEP)
        through = max(one.end for one in sleeps) - min(one.start for one in sleeps)
        return question.grade(through, answer), question.grade(wrong(through), answer)

    played = await play_until(
        lambda played: graded(played) == (True, False),
        lambda slower: play_demo(name, None, **{**values, "seconds": values["seconds"] * slower}),
    )
    assert graded(played) == (True, False)


COUNTS: Mapping[str, tuple[dict[str, object], float]] = {
    "process-created": ({}, 0.0),
    "loop-joined": ({"seconds": 1, "calls": 4}, 4.0),
    "pool-list": ({"seconds": 0.6, "calls": 5, "workers": 3}, 3.0),
}
"""What is played, and how many there are."""


@pytest.mark.slow
@pytest.mark.parametrize("name", COUNTS)
async def test_counts_are_graded_by_what_was_played(name: str) -> None:
    values, right = COUNTS[name]
    question = QUESTIONS[name]
    answer = question.answer(await play_demo(name, None, **values), find_demo(name).values)
    assert answer == right
    assert question.grade(right, answer)
    assert not question.grade(right + 1, answer)


@pytest.mark.parametrize("name", ["images-sequential", "images-pool"])
async def test_photographs_are_graded_by_what_was_played(
    name: str, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        picture = Image.effect_mandelbrot((900, 700), (-2, -1, 1, 1), 20).convert("RGB")
        picture.save(here / f"photo-{number}.jpg")
    monkeypatch.setattr("tui_app.demos.demo_run._samples", lambda: {SAMPLES: str(here)})
    demo, question = find_demo(name), QUESTIONS[name]
    values = {} if name == "images-sequential" else {"workers": 1}
    played = await play_demo(name, None, **values)
    answer = question.answer(played, demo.values)
    assert answer is not None
    # One process cannot be faster than one after the other.
    right = 1.0 if name == "images-sequential" else played.finished.summary["speed_up"]
    assert 0 < right <= 1
    assert question.grade(right, answer)
    assert not question.grade(4.0, answer)
