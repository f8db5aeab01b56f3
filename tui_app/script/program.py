"""What a person gives `python` to run: a file, a folder, a module or code, and options before it.

The words are read as Python reads them
(https://docs.python.org/3/using/cmdline.html#command-line).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from tui_app.language import _

FLAGS = "bBdEIOPqRsSuvx"
"""Python's options that stand alone."""

WITH_VALUE = "WX"
"""Python's options that a value follows."""

BYTECODE = "--check-hash-based-pycs"
"""Python's only long option that a script can be played with; a value follows it."""

WITHOUT_PROBE = {"E": "PYTHONPATH", "I": "PYTHONPATH", "S": "site"}
"""Options of Python that keep the probe out, with what they make Python leave out."""

LONGEST_LABEL = 40
"""Characters of code that a program is called by."""

NOTEBOOK = ".ipynb"

INLINE = re.compile(r"^# /// script$\s(?P<content>(?:^#(?:| .*)$\s)+)^# ///$", re.MULTILINE)
"""The block in which a script names its dependencies
(https://packaging.python.org/en/latest/specifications/inline-script-metadata/)."""


class ProgramError(ValueError):
    """Words that name no program that can be played; the text is one sentence."""


class ProgramForm(StrEnum):
    """How a program is named: by its file or folder, as a module (`-m`), or as code (`-c`)."""

    FILE = "file"
    MODULE = "module"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Program:
    """What Python is to run.

    Attributes:
        target: a path, the name of a module, or code.
        form: which of these it is.
        options: Python's own, which stand before it.
        arguments: what follows it.
    """

    target: str
    form: ProgramForm = ProgramForm.FILE
    options: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        """What stands behind the interpreter's name."""
        return (*self.options, *self._named, *self.arguments)

    @property
    def title(self) -> str:
        """What a person has typed, without Python's options; of code, the beginning."""
        named = [self.label] if self.form is ProgramForm.CODE else self._named
        return " ".join([*named, *self.arguments])

    @property
    def label(self) -> str:
        """What the main process is called where it is the one task."""
        if self.form is ProgramForm.FILE:
            return Path(self.target).name
        told = " ".join(" ".join(self._named).split())
        return told if len(told) <= LONGEST_LABEL else f"{told[: LONGEST_LABEL - 1]}…"

    @property
    def keeps_probe_out(self) -> str:
        """The option with which Python does not load the probe; empty where there is none."""
        for option in self.options:
            if not option.startswith("--"):
                for letter in option[1:]:
                    if letter in WITH_VALUE:
                        break
                    if letter in WITHOUT_PROBE:
                        return f"-{letter}"
        return ""

    @property
    def _named(self) -> tuple[str, ...]:
        match self.form:
            case ProgramForm.MODULE:
                return ("-m", self.target)
            case ProgramForm.CODE:
                return ("-c", self.target)
        return (self.target,)


def read_program(words: Sequence[str]) -> Program:
    """Return the program that Python's words name.

    Raises:
        ProgramError: they name none that can be played.
    """
    rest, options = list(words), list[str]()
    while rest:
        word = rest.pop(0)
        if word == "-":
            raise ProgramError(
                _(
                    "a script on standard input has no code to show: save it as a file, or give"
                    " it as -c CODE"
                )
            )
        if word == "--":
            break
        if not word.startswith("-"):
            rest.insert(0, word)
            break
        if word.startswith("--"):
            if word != BYTECODE:
                raise _unknown(word)
            options += [word, _value(word, "", rest)]
            continue
        for at, letter in enumerate(word[1:], 1):
            if letter not in FLAGS:
                if letter not in f"cm{WITH_VALUE}":
                    raise _unknown(f"-{letter}")
                value = _value(f"-{letter}", word[at + 1 :], rest)
                if at > 1:
                    options.append(word[:at])
                if letter in WITH_VALUE:
                    options += [f"-{letter}", value]
                    break
                form = ProgramForm.CODE if letter == "c" else ProgramForm.MODULE
                return Program(value, form, tuple(options), tuple(rest))
        else:
            options.append(word)
    if not rest:
        raise ProgramError(_("name a script, a folder, -m MODULE or -c CODE"))
    return Program(rest[0], ProgramForm.FILE, tuple(options), tuple(rest[1:]))


def _value(option: str, joined: str, rest: list[str]) -> str:
    if joined:
        return joined
    if not rest:
        raise ProgramError(_("Python's {option} needs an argument").format(option=option))
    return rest.pop(0)


def _unknown(option: str) -> ProgramError:
    sentence = _(
        "{option} is no option of Python that a script can be played with; options of watch"
        " stand before those of Python"
    )
    return ProgramError(sentence.format(option=option))


def why_refused(program: Program, *, has_dependencies: bool) -> str:
    """Return in one sentence why a file is not played though it is there; empty where it is.

    Args:
        program: what is asked for.
        has_dependencies: whether a person says that the interpreter has what the script needs.

    Raises:
        OSError: the file cannot be read.
    """
    if program.form is not ProgramForm.FILE:
        return ""
    path = Path(program.target)
    if path.suffix == NOTEBOOK:
        sentence = _(
            "{script} is a notebook: jupyter nbconvert --to script {script} makes a script of it"
        )
        return sentence.format(script=program.target)
    if path.is_dir():
        (path / "__main__.py").stat()
        return ""
    with path.open("rb") as file:
        source = b"" if has_dependencies else file.read(100_000)
    if source and _dependencies(source.decode("utf-8", "replace")):
        sentence = _(
            "{script} names dependencies of its own: uv sync --script {script} installs them, and"
            ' --python "$(uv python find --script {script})" plays it with them'
        )
        return sentence.format(script=program.target)
    return ""


def _dependencies(source: str) -> list[str]:
    """Return the packages that a script names in it."""
    found = INLINE.search(source.replace("\r\n", "\n"))
    if found is None:
        return []
    lines = (line[2:] for line in found["content"].splitlines())
    try:
        named = tomllib.loads("\n".join(lines)).get("dependencies", [])
    except tomllib.TOMLDecodeError:
        return []
    return list(named) if isinstance(named, list) else []
