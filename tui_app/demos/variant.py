"""A demo as it is to be played: with its own values and start method, or with others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from tui_app.demos.catalogue import Demo, find_demo
from tui_app.demos.demo_run import DemoRun
from tui_app.demos.parameters import ParameterError, ParameterKind, Value, with_values, written
from tui_app.engine.machine import StartMethod, start_methods
from tui_app.language import _

START = "start"
"""The name of the start method among settings."""


@dataclass(frozen=True, slots=True)
class Variant:
    """A demo with some settings.

    Attributes:
        demo: The demo.
        values: The values of parameters that are not the demo's own.
        start_method: How its processes start; None for the demo's own way.
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
        """Whether nothing differs from the demo."""
        return not self.values and self.start_method is None

    @property
    def settings(self) -> str:
        """What is not the demo's own, such as `workers 4, spawn`; empty where nothing differs."""
        words = [f"{name.lower()} {written(value)}" for name, value in self.values.items()]
        return ", ".join(words + ([str(self.start_method)] if self.start_method else []))

    def run(self) -> DemoRun:
        """Return a run of it."""
        return DemoRun(self.demo, self.source, start_method=self.start_method)

    def knows(self, setting: str) -> bool:
        """Tell whether it has a setting of that name."""
        return setting.lower() == START or setting.upper() in self.demo.values

    def with_settings(self, settings: Mapping[str, str]) -> Variant:
        """Return the same with more settings, from texts by name; `start` is the start method.

        Raises:
            ParameterError: There is no such setting, or it cannot have such a value.
        """
        texts, method = dict[str, str](), self.start_method
        for name, text in settings.items():
            if name.lower() == START:
                method = _start_method(text)
            else:
                texts[name] = text
        return Variant(self.demo, {**self.values, **self.demo.parse(texts)}, method)


def parse_variant(text: str, settings: Mapping[str, str] | None = None) -> Variant:
    """Return the variant that `NAME:SETTING=VALUE:…` says, such as `13:workers=4:start=spawn`.

    Args:
        text: The demo, and settings for it.
        settings: More settings by name. Those in `text` win; those that the demo does not have
            are left out.

    Raises:
        DemoError: There is no such demo.
        ParameterError: The demo has no such setting, or the setting cannot have such a value.
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
    if text.strip() in start_methods():
        return StartMethod(text.strip())
    sentence = _("there is no start method {name!r} here: {methods}")
    raise ParameterError(sentence.format(name=text, methods=", ".join(start_methods())))


def suggested(demo: Demo) -> tuple[Variant, ...]:
    """Return two or three variants of a demo that are worth a comparison, the demo itself first."""
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
        if parameter.kind is ParameterKind.SECONDS_LIST and isinstance(parameter.value, tuple):
            halves = tuple(seconds / 2 for seconds in parameter.value)
            return own, replace(own, values={parameter.name: halves})
    return own, own


def _halves(count: int) -> tuple[int, ...]:
    """Return a number, its half and its quarter, each once; for 1, itself and its double."""
    if count == 1:
        return 1, 2
    return tuple(dict.fromkeys(max(1, count // part) for part in (1, 2, 4)))
