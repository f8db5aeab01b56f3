"""The lesson that a teacher has planned: which demos, and in which order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from tui_app.demos.catalogue import Demo, demos
from tui_app.demos.expected_times import Machine
from tui_app.settings import Settings


@dataclass(frozen=True, slots=True)
class LessonPlan:
    """The picked demos in the teacher's order.

    Attributes:
        names: Their names. Those of demos that this version does not have keep their places.
    """

    names: tuple[str, ...] = ()

    @classmethod
    def load(cls) -> LessonPlan:
        """Return the plan in the settings.

        Versions without an order kept only which demos are picked. What such a version has picked
        comes last, in the order of the course; what it has dropped is not in the plan.
        """
        settings = Settings.load()
        picked = set(settings.lesson)
        ordered = [name for name in settings.lesson_order if name in picked]
        course = [demo.name for demo in demos() if demo.name in picked]
        return cls(tuple(dict.fromkeys([*ordered, *course, *settings.lesson])))

    def save(self) -> None:
        """Keep the plan in the settings, also for versions without an order."""
        picked = tuple(sorted(self.names))
        replace(Settings.load(), lesson=picked, lesson_order=self.names).save()

    @property
    def demos(self) -> Sequence[Demo]:
        """The demos of the lesson, in its order."""
        known = {demo.name: demo for demo in demos()}
        return [known[name] for name in self.names if name in known]

    def place(self, demo: Demo) -> int | None:
        """Return a demo's place in the lesson, from 1; None where it is not in it."""
        names = [one.name for one in self.demos]
        return names.index(demo.name) + 1 if demo.name in names else None

    def toggled(self, demo: Demo) -> LessonPlan:
        """Return the plan with a demo at its end, or without it."""
        if demo.name in self.names:
            return LessonPlan(tuple(name for name in self.names if name != demo.name))
        return LessonPlan((*self.names, demo.name))

    def moved(self, demo: Demo, steps: int) -> LessonPlan:
        """Return the plan with a demo one place later, or earlier if `steps` is -1."""
        place, every = self.place(demo), self.demos
        if place is None or not 0 <= place - 1 + steps < len(every):
            return self
        other = every[place - 1 + steps].name
        swapped = {demo.name: other, other: demo.name}
        return LessonPlan(tuple(swapped.get(name, name) for name in self.names))

    def neighbour(self, demo: Demo, steps: int, left_at: str = "") -> Demo | None:
        """Return the demo after this one, or before it if `steps` is -1; None at the end.

        Where no demo is picked, all of them are the lesson.

        Args:
            demo: The demo that is shown.
            steps: 1 or -1.
            left_at: The demo of the lesson that was shown last. From a demo that is not in the
                lesson, one goes on after it, or back to it.
        """
        every = self.demos or demos()
        names = [one.name for one in every]
        if demo.name in names:
            at = names.index(demo.name) + steps
        elif left_at in names:
            at = names.index(left_at) + (steps > 0)
        else:
            at = 0 if steps > 0 else -1
        return every[at] if 0 <= at < len(every) else None

    def seconds(self, machine: Machine, times: Mapping[str, float]) -> tuple[float, bool]:
        """Return how long the demos run together, and whether the time of each is known.

        Args:
            machine: Where they run.
            times: What demos took here, by name; the others take what is expected of them.
        """
        each = [times.get(one.name, one.expected_seconds(machine)) for one in self.demos]
        return sum(seconds or 0.0 for seconds in each), None not in each
