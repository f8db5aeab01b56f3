"""The Python that plays a person's script: the one that is named, or the active environment's."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass

from tui_app.engine.machine import StartMethod
from tui_app.files.error_words import reason
from tui_app.language import _
from tui_app.script.program import Program, ProgramForm

OLDEST = (3, 9)
"""The oldest version that the probe is for: `concurrent.futures` was another one before."""

ANSWER_SECONDS = 20.0
"""Longest wait for an interpreter that is asked for its version."""

_ABOUT = """\
import sys
implementation = getattr(sys, "implementation", None)
print('["%s", "%s"]' % (
    getattr(implementation, "name", "cpython"), ".".join(map(str, sys.version_info[:3]))
))
"""
"""What an interpreter is asked; each Python since 2.7 can read it."""

_WHERE = """\
import importlib.machinery, json, sys
path, found = None, None
for name in (sys.argv[1] + ".__main__").split("."):
    found, before = importlib.machinery.PathFinder.find_spec(name, path), found
    if found is None:
        found = before if name == "__main__" else None
        break
    path = found.submodule_search_locations or []
print(json.dumps(found and found.has_location and found.origin or ""))
"""
"""Where the code of a module is that is run by `-m`; no package is imported."""


class InterpreterError(ValueError):
    """A Python that cannot play a script; the text is one sentence."""


@dataclass(frozen=True, slots=True)
class Interpreter:
    """A Python: the file that is executed, and its version."""

    path: str
    version: str

    @property
    def start_method(self) -> StartMethod:
        """How its `multiprocessing` starts processes where nobody says.

        https://docs.python.org/3/library/multiprocessing.html#contexts-and-start-methods
        """
        if sys.platform == "darwin":
            return StartMethod.SPAWN
        return StartMethod.FORK if self._numbers < (3, 14) else StartMethod.FORKSERVER

    @property
    def _numbers(self) -> tuple[int, ...]:
        return tuple(map(int, self.version.split(".")[:2]))


def own_interpreter() -> Interpreter:
    """Return the Python that runs this program."""
    return Interpreter(sys.executable, ".".join(map(str, sys.version_info[:3])))


def choose_interpreter(named: str | None, environment: Mapping[str, str]) -> Interpreter:
    """Return the Python that is named, else the active virtual environment's, else our own.

    Args:
        named: a file, or the name of a program on the path; `None`: nobody has named one.
        environment: the person's.

    Raises:
        InterpreterError: it cannot play a script.
    """
    if named is not None:
        found = shutil.which(named, path=environment.get("PATH"))
        return _ask(found or named, environment)
    active = environment.get("VIRTUAL_ENV", "")
    python = os.path.join(active, "bin", "python")  # noqa: PTH118 - as it is told
    if not active or not os.access(python, os.X_OK) or _same_folder(active, sys.prefix):
        return own_interpreter()
    return _ask(python, environment)


def _same_folder(one: str, other: str) -> bool:
    try:
        return os.path.samefile(one, other)  # noqa: PTH121
    except OSError:
        return False


def _ask(python: str, environment: Mapping[str, str]) -> Interpreter:
    """Return the interpreter at this path.

    Raises:
        InterpreterError: it is none, or none for the probe.
    """
    implementation, version = _answer([python, "-E", "-S", "-c", _ABOUT], environment)
    numbers = tuple(map(int, version.split(".")[:2]))
    if implementation != "cpython" or numbers < OLDEST:
        sentence = _(
            "{python} is {implementation} {version}: watch plays with CPython {oldest} or later,"
            " which --python FILE can name"
        )
        name = "Python" if implementation == "cpython" else implementation
        raise InterpreterError(
            sentence.format(
                python=python,
                implementation=name,
                version=version,
                oldest=".".join(map(str, OLDEST)),
            )
        )
    return Interpreter(os.path.abspath(python), version)  # noqa: PTH100 - a link stays one


def _answer(command: list[str], environment: Mapping[str, str]) -> tuple[str, str]:
    try:
        done = subprocess.run(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=ANSWER_SECONDS,
            check=False,
        )
        implementation, version = map(str, json.loads(done.stdout))
        tuple(map(int, version.split(".")[:2]))  # It is a version, or no Python has said it.
    except OSError as error:
        sentence = _("cannot run the Python {python!r}: {error}")
        raise InterpreterError(sentence.format(python=command[0], error=reason(error))) from error
    except (ValueError, subprocess.TimeoutExpired) as error:
        sentence = _("{python!r} does not answer as a Python does")
        raise InterpreterError(sentence.format(python=command[0])) from error
    return implementation, version


def code_file(
    python: Interpreter, program: Program, folder: str, environment: Mapping[str, str]
) -> str:
    """Return the file with the code of a module that is run by `-m`; empty where none is found."""
    if program.form is not ProgramForm.MODULE:
        return ""
    try:
        done = subprocess.run(
            [python.path, *program.options, "-c", _WHERE, program.target],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=ANSWER_SECONDS,
            check=False,
        )
        return str(json.loads(done.stdout))
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return ""
