"""Failures by their step and reason: thousands of the same kind are one group."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from tui_app.language import _, counted, grouped
from tui_app.runs.formatting import safe
from tui_app.runs.phrases import failed_tasks
from tui_app.runs.view import Failure

FEW = 10
"""Failures of a group that are told one by one."""

FIRST_NAMES = 3
"""Names that are told of a larger group."""

MOST_GROUPS = 20
"""Groups that are told without a screen."""

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


@dataclass(slots=True)
class FailureGroup:
    """Failures in the same step, for the same reason but for the numbers and the name in it.

    Attributes:
        step: The step; empty where there is none.
        reason: The reason; where the reasons differ, `…` stands for what does.
        alike: Whether all have the very same reason.
        failures: In the order in which they came.
    """

    step: str
    reason: str
    alike: bool = True
    failures: list[Failure] = field(default_factory=list)


class FailureGroups(list[FailureGroup]):
    """The groups of some failures, each in the place of its first one."""

    def __init__(self, failures: Iterable[Failure] = ()) -> None:
        super().__init__()
        self._known: dict[tuple[str, str], FailureGroup] = {}
        for failure in failures:
            self.take(failure)

    def take(self, failure: Failure) -> FailureGroup:
        """Take a failure into its group, which is returned."""
        pattern = _pattern(failure)
        group = self._known.get((failure.step, pattern))
        if group is None:
            group = self._known[failure.step, pattern] = FailureGroup(failure.step, failure.reason)
            self.append(group)
        elif group.alike and failure.reason != group.reason:
            group.alike, group.reason = False, pattern
        group.failures.append(failure)
        return group

    def largest_first(self) -> Sequence[FailureGroup]:
        """Return the groups by the number of their failures."""
        return sorted(self, key=lambda group: -len(group.failures))


def _pattern(failure: Failure) -> str:
    """Return what the reasons of failures of the same kind have in common."""
    reason = failure.reason
    if failure.label and failure.label in reason:
        reason = reason.replace(failure.label, "…")
    return _NUMBER.sub("…", reason)


def failure_lines(kind: str, failures: Iterable[Failure]) -> Iterator[str]:
    """Yield what failed as lines for people; of large groups, the first names and the number."""
    groups = FailureGroups(failures).largest_first()
    yield f"{failed_tasks(kind, sum(len(group.failures) for group in groups))}:"
    folded = len(groups) > MOST_GROUPS
    for group in groups[:MOST_GROUPS]:
        if len(group.failures) <= FEW:
            for failure in group.failures:
                yield f"  {_told(safe(failure.label), failure.step, failure.reason)}"
            continue
        folded = True
        yield f"  {_told(grouped(len(group.failures)), group.step, group.reason)}"
        for failure in group.failures[:FIRST_NAMES]:
            own = "" if group.alike else f": {safe(failure.reason)}"
            yield f"    {safe(failure.label)}{own}"
        yield f"    {and_more(len(group.failures) - FIRST_NAMES)}"
    if rest := groups[MOST_GROUPS:]:
        more = sum(len(group.failures) for group in rest)
        yield "  " + counted(
            more, "and {n} more, for other reasons", "and {n} more, for other reasons"
        )
    if folded and kind == "batch":
        yield _("--failures FILE writes all their names")


def _told(what: str, step: str, reason: str) -> str:
    sentence = _("{label} in {step}") if step else "{label}"
    return f"{sentence.format(label=what, step=step)}: {safe(reason)}"


def group_lines(failures: Iterable[Failure], most: int) -> Iterator[tuple[str, str, str]]:
    """Yield number, step and reason of the largest groups; at last, what the others come to."""
    groups = FailureGroups(failures).largest_first()
    shown = groups if len(groups) <= most else groups[: most - 1]
    for group in shown:
        yield grouped(len(group.failures)), group.step, group.reason
    if rest := groups[len(shown) :]:
        number = sum(len(group.failures) for group in rest)
        yield grouped(number), "", _("for other reasons")


def and_more(number: int) -> str:
    """Return how many follow that are not told."""
    return counted(number, "and {n} more", "and {n} more")
