"""A demo as it is to be played: its own values or others, its own start method or another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from tui_app.demos.catalogue import Demo, find_demo
from tui_app.demos.demo_run import DemoRun
from tui_app.demos.parameters import ParameterError, ParameterKind, Value, with_values
from tui_app.engine.machine import StartMethod, start_methods
from tui_app.language import _

START = "start"
"""What the start method is called among settings."""


@dataclass(frozen=True, slots=True)
class Variant:
    """A demo with some settings.

    Attributes:
        demo: which.
        values: those of its parameters that are not its own.
        start_method: how its processes start; `None`: as plain `python` would start them.
    """

    demo: Demo
    values: Mapping[str, Value] = field(default_factory=dict)
    start_method: StartMethod | None = None

    def __post_init__(self) -> None:
        own = self.demo.values
        changed = {name: value for name, value in self.values.items() if own[name] != value}
        object.__setattr__(self, "values", changed)

    @property
    def source(self) -> str:
        """The script that is played."""
        return with_values(self.demo.source, self.values)

    @property
    def is_own(self) -> bool:
        """Whether it is the demo as it stands."""
        return not self.values and self.start_method is None

    @property
    def settings(self) -> str:
        """What is not the demo's own: `workers 4, spawn`; empty where all is."""
        words = [f"{name.lower()} {written(value)}" for name, value in self.values.items()]
        return ", ".join(words + ([str(self.start_method)] if self.start_method else []))

    def run(self) -> DemoRun:
        """A run of it."""
        return DemoRun(self.demo, self.source, start_method=self.start_method)

    def knows(self, setting: str) -> bool:
        """Whether it has a setting of that name."""
        return setting.lower() == START or setting.upper() in self.demo.values

    def with_settings(self, settings: Mapping[str, str]) -> Variant:
        """The same with more settings, from texts by name; `start` is the start method.

        Raises:
            ParameterError: there is no such setting, or it cannot have that value.
        """
        texts = {name: text for name, text in settings.items() if name.lower() != START}
        method = self.start_method
        for name, text in settings.items():
            if name.lower() == START:
                method = _start_method(text)
        return Variant(self.demo, {**self.values, **self.demo.parse(texts)}, method)


def written(value: Value) -> str:
    """A value as it stands in a script."""
    return repr(list(value) if isinstance(value, tuple) else value)


def parse_variant(text: str, settings: Mapping[str, str] | None = None) -> Variant:
    """The variant in `NAME:SETTING=VALUE:…`, such as `13:workers=4:start=spawn`.

    Args:
        text: names the demo, and its own settings.
        settings: more of them, by name; they yield to its own, and need not be known to it.

    Raises:
        DemoError: there is no such demo.
        ParameterError: it has no such setting, or none with that value.
    """
    name, *own = text.split(":")
    variant = Variant(find_demo(name))
    told = {key: value for key, value in (settings or {}).items() if variant.knows(key)}
    for setting in own:
        key, equals, value = setting.partition("=")
        if not (equals and key.strip()):
            sentence = _("a setting is NAME=VALUE, such as workers=4, not {text!r}")
            raise ParameterError(sentence.format(text=setting))
        told = {other: told[other] for other in told if other.lower() != key.strip().lower()}
        told[key.strip()] = value
    return variant.with_settings(told)


def _start_method(text: str) -> StartMethod:
    here = start_methods()
    for method in here:
        if method == text.strip():
            return method
    sentence = _("there is no start method {name!r} here: {methods}")
    raise ParameterError(sentence.format(name=text, methods=", ".join(here)))


def suggested(demo: Demo) -> tuple[Variant, ...]:
    """Two or three settings of a demo that are worth a comparison, its own first."""
    own = Variant(demo)
    for parameter in demo.parameters:
        if parameter.name == "WORKERS":
            counts = _halves(parameter.value) if isinstance(parameter.value, int) else (None, 1)
            return tuple(replace(own, values={"WORKERS": count}) for count in counts)
    if "multiprocessing" in demo.source:
        return tuple(replace(own, start_method=method) for method in start_methods()[:3])
    for parameter in demo.parameters:
        if parameter.kind is ParameterKind.COUNT and isinstance(parameter.value, int):
            half = max(1, parameter.value // 2)
            return own, replace(own, values={parameter.name: half})
        if parameter.kind is ParameterKind.SECONDS and isinstance(parameter.value, int | float):
            return own, replace(own, values={parameter.name: parameter.value / 2})
    return own, own


def _halves(count: int) -> tuple[int, ...]:
    """A number, its half and its quarter, each once; of 1 its double too."""
    if count == 1:
        return 1, 2
    return tuple(dict.fromkeys(max(1, count // part) for part in (1, 2, 4)))
