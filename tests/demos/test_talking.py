"""The demos of part two, "Processes that talk": each shows its point, and each mend mends."""

import gzip
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.demos.test_pitfalls import answered, errors, play_mended
from tests.script.playing import play_demo, play_until
from tui_app.demos.catalogue import demos, find_demo
from tui_app.demos.expected_times import Machine
from tui_app.demos.quiz.question import Answer
from tui_app.demos.quiz.questions import find_question
from tui_app.demos.quiz.talking_questions import TALKING_QUESTIONS
from tui_app.events import Deadlock, WaitKind, from_json
from tui_app.script.facts import Facts

STREAMS = Path(__file__).parents[1] / "assets" / "streams" / "demos"

RIGHT: Mapping[str, Answer] = {
    "queue-two-producers": "mixed",
    "pipe-and-answer": "turns",
    "lock-and-total": 2.4,
    "event-starting-gun": "together",
    "semaphore-three": 3.0,
    "barrier-meeting": 1.5,
    "manager-dict": "second",
    "shared-memory": "whole",
    "threads-share": "first",
    "asyncio-tasks": 1.5,
    "asyncio-pool": "ticks",
    "pool-initializer": 2.0,
    "locks-crosswise": "neither",
    "join-before-get": "waits",
    "forgotten-sentinel": 1.0,
    "lock-not-released": "waits",
    "blocking-coroutine": 3.0,
    "pool-waits-for-itself": "waits",
}
"""What is right of each demo with its own values."""


def recorded(name: str) -> Facts:
    """What the recorded run of a demo says."""
    with gzip.open(STREAMS / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        return Facts([event for line in lines if (event := from_json(line)) is not None])


def test_each_demo_of_part_two_has_its_question_and_its_answer() -> None:
    names = [demo.name for demo in demos() if demo.part == 2]
    assert names == list(TALKING_QUESTIONS) == list(RIGHT)


@pytest.mark.parametrize("name", RIGHT)
def test_one_answer_is_graded_right_by_a_real_run(name: str) -> None:
    demo, question = find_demo(name), find_question(name)
    assert question is not None
    words = demo.lesson(Machine(2)).predict
    assert words is not None
    answer = question.answer(recorded(name), demo.values)
    assert answer is not None
    offered = [said for said, _ in question.offered(words, demo.values, Machine(2))]
    assert len(offered) > 1
    assert [question.grade(said, answer) for said in offered].count(True) == 1
    assert question.grade(RIGHT[name], answer)


SHORT: Mapping[str, dict[str, object]] = {
    "queue-two-producers": {"seconds": [0.3, 0.5]},
    "pipe-and-answer": {"seconds": 0.05},
    "event-starting-gun": {"seconds": 0.6},
    "manager-dict": {"seconds": 0.05},
    "shared-memory": {"seconds": 0.05},
    "threads-share": {"seconds": 0.05},
    "pool-initializer": {"seconds": 0.1},
    "join-before-get": {"patience": 0.5},
    "lock-not-released": {"patience": 0.5},
    "pool-waits-for-itself": {"patience": 0.5, "seconds": 0.1},
}
"""What is played, in short, where the answer does not hang on times."""

WAITED: Mapping[str, tuple[str, tuple[WaitKind, str | None]]] = {
    "queue-two-producers": ("main", (WaitKind.QUEUE_GET, "queue")),
    "event-starting-gun": ("P-1", (WaitKind.EVENT, "gun")),
    "lock-not-released": ("P-2", (WaitKind.LOCK, "lock")),
}
"""Who waits in some of them, and for what: the point of the demo, where waits are seen."""

SEES_WAITS = Path("/proc/self/task").exists()


@pytest.mark.slow
@pytest.mark.parametrize("name", SHORT)
async def test_it_is_answered_by_what_was_played(name: str) -> None:
    played = await play_demo(name, None, **SHORT[name])
    assert played.exitcode == 0
    assert set(errors(played)) <= find_demo(name).flaw.errors
    assert answered(name, played) == RIGHT[name]
    if SEES_WAITS and name in WAITED:
        who, wait = WAITED[name]
        assert wait in played.waited(who)


@pytest.mark.slow
@pytest.mark.skipif(not SEES_WAITS, reason="a deadlock is named where waits are seen")
async def test_the_deadlock_of_two_locks_is_named_while_main_is_patient() -> None:
    played = await play_until(
        lambda played: bool(played.of(Deadlock)),
        lambda slower: play_demo("locks-crosswise", patience=2 * slower, seconds=0.4 * slower),
    )
    (deadlock, *_) = played.of(Deadlock)
    named = [
        (played.names[one["pid"]], one["object"], one["holder"], one["line"])
        for one in deadlock.waits
    ]
    assert sorted(named)[:2] == [("P-1", "paper", "P-2", 12), ("P-2", "pen", "P-1", 12)]
    assert answered("locks-crosswise", played) == RIGHT["locks-crosswise"]


MENDED: Mapping[str, tuple[dict[str, object], Answer]] = {
    "locks-crosswise": ({"patience": 30, "seconds": 0.1}, "both"),
    "join-before-get": ({"patience": 30}, "ends"),
    "forgotten-sentinel": ({"patience": 30, "seconds": 0.1}, 0.0),
    "lock-not-released": ({"patience": 30}, "gets"),
    "pool-waits-for-itself": ({"patience": 30, "seconds": 0.1}, "done"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", MENDED)
async def test_a_mended_script_hangs_no_more(name: str) -> None:
    values, right = MENDED[name]
    mended = await play_mended(name, None, **values)
    assert mended.exitcode == 0
    assert answered(name, mended) == right


async def test_a_blocking_call_in_a_thread_blocks_no_loop() -> None:
    mended = await play_mended("blocking-coroutine", seconds=[0.6, 0.4, 0.2])
    asked, got = mended.printed("Asked"), mended.printed("Got")
    assert max(asked) < min(got)


def test_for_ever_is_a_value_and_then_nothing_is_asked() -> None:
    demo = find_demo("locks-crosswise")
    values = demo.values | demo.parse({"patience": "None"})
    assert values["PATIENCE"] is None
    assert not TALKING_QUESTIONS["locks-crosswise"].asked(values, Machine(2))
    assert demo.expected_seconds(Machine(2), values) is None
