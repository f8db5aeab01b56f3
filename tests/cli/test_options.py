"""Whatever is asked for on the command line: it is accepted, or one sentence says why not."""

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import click
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.images.factories import picture
from tui_app.cli.main import procession
from tui_app.engine.spec import Cluster, Pool
from tui_app.images.errors import RecipeError
from tui_app.images.recipe import _KEYS, recipe_from
from tui_app.images.recipe_files import load_recipe
from tui_app.widgets.base.form_fields import FormError, read_number

pytestmark = pytest.mark.slow

DIGITS = "1" + "0" * 400

PLAUSIBLE = ("1", "0.5", "4G", "5%", "in", "in/a.jpg", "out", "web", "mine.toml", "report.csv")

NUMBERS = (
    *("0", "-1", "-0", "1e5", "1_000", "٣", "²", "0x10", "1/2", "1.", ".5", "1e-400", "1,5"),
    *("nan", "NaN", "-nan", "inf", "-inf", "Infinity", "1e999", "-1e999", "nan%", "inf%"),
    *(DIGITS, f"-{DIGITS}", f"{DIGITS}%", f"{DIGITS}G", f"0.{DIGITS}", "9" * 5_000, "1e999G"),
)

NAMES = (
    *("", " ", ".", "..", "/", "~", "~nobody", "-", "--", "*", "nowhere", "in/none.jpg"),
    *("n" * 300, f"in/{'n' * 300}.jpg", "d/" * 2_000, "in/a.jpg/b", "/dev/null", "/proc/self/mem"),
    *("\udcff", "a\nb", "\x1b[2J", "\u202e", "日本.toml", "deep.toml", "long.toml", "in.toml"),
)

WORDS = st.one_of(
    st.sampled_from(PLAUSIBLE + NUMBERS + NAMES),
    # An argument ends at a NUL, and what is no UTF-8 in it comes as surrogate escapes.
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12),
)


ARGUMENTS = {
    **{"demo": ["1"], "compare": ["1", "2"], "watch": ["mine.toml", "a"], "samples": ["out"]},
    **{"batch": ["in"], "sweep": ["in"], "recipes": ["web"], "completion": ["bash"]},
    **{f"runs {what}": ["last"] for what in ("show", "replay", "pin", "rm", "path")},
    "runs export": ["last", "run.html"],
}
OPTIONS = {
    "scheduler": "tcp://127.0.0.1:1",
    "tls_ca": "notes.txt",
    "tls_cert": "notes.txt",
    "tls_key": "notes.txt",
    **{"output": "out", "recipe": "mine.toml", "report": "report.csv", "assignments": "seconds=1"},
    **{"timeout": "2.5", "retries": "1", "max_failures": "5%", "memory": "4G", "fps": "7"},
    **{"workers": "2", "up_to": "2", "rounds": "1"},
    **{"exclude": "*-small.*", "name": "{stem}-{width}{ext}", "max_pixels": "250M"},
    **{"record": "run.jsonl.gz", "export": "run.html", "exports": "run.html", "speed": "2"},
    **{"host": "127.0.0.1", "port": "0", "sessions": "2"},
    **{"failures": "failures.txt", "fit": "1600x1200", "crop": "3:2", "quality": "82"},
    **{
        "python": sys.executable,
        "sharpen": "60",
        "blur": "1.5",
        "save_recipe": "one",
        "min_savings": "5%",
    },
}
"""What can be taken, by command and by option: one wrong value is enough for a line."""

COMMANDS = [
    " ".join(filter(None, (name, below)))
    for name, one in procession.commands.items()
    for below in (one.commands if isinstance(one, click.Group) else [""])
    if name != "check"
]
"""The commands, those of a group with its name before. What `check` has, others have too."""


def command_of(name: str) -> click.Command:
    command: click.Command = procession
    for word in name.split():
        assert isinstance(command, click.Group)
        command = command.commands[word]
    return command


@st.composite
def lines(draw: st.DrawFn, name: str) -> list[str]:
    """A line of the command, one word of it most likely wrong."""
    options = [one for one in command_of(name).params if isinstance(one, click.Option)]
    options = [one for one in options if one.name not in ("help", "lang")]
    chosen = draw(st.lists(st.sampled_from(options), max_size=4, unique=True)) if options else []
    wrong = draw(st.sampled_from([None, *chosen, *ARGUMENTS]))
    line = name.split()
    for option in chosen:
        flag = option.opts[-1]
        if option.is_flag:
            line.append(flag)
        elif option is wrong:
            line.append(f"{flag}={draw(WORDS)}")
        elif isinstance(option.type, click.Choice):
            line.append(f"{flag}={draw(st.sampled_from(list(option.type.choices)))}")
        else:
            line.append(f"{flag}={OPTIONS[option.name or '']}")
    # At the end, for `watch` takes all the rest for the script's.
    if wrong == name:
        return [*line, *draw(st.lists(WORDS.filter(lambda word: word[:1] != "-"), max_size=3))]
    return [*line, *ARGUMENTS.get(name, [])]


async def nothing(*_: object) -> None:
    """Serve nobody."""


@pytest.fixture(scope="module", autouse=True)
def _nothing_runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """In a folder with an image; what would be run ends well at once."""
    folder = tmp_path_factory.mktemp("wrong")
    (folder / "in").mkdir()
    picture((24, 16)).save(folder / "in" / "a.jpg")
    (folder / "notes.txt").write_text("print('a script')")
    (folder / "mine.toml").write_text("blur = 1")
    (folder / "deep.toml").write_text("blur = " + "[" * 5_000 + "]" * 5_000)
    (folder / "long.toml").write_text("blur = 0x" + "f" * 5_000)
    (folder / "in.toml").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("XDG_CONFIG_HOME", str(folder / "cache" / "config"))
        patch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
        patch.setattr("tui_app.cli.headless.run_headless", lambda *_, **__: 0)
        patch.setattr("tui_app.app.run_app", lambda *_, **__: 0)
        patch.setattr("tui_app.serve.server.serve", nothing)
        patch.setattr("tui_app.runs.report.Report.write", lambda _: None)
        patch.setattr("tui_app.runs.failure_list.FailureList.write", lambda _: None)
        before = sorted(path.name for path in folder.iterdir())
        yield
        left = sorted(path.name for path in folder.iterdir())
    assert [name for name in left if name not in before] in ([], ["cache"]), "nothing was run"


def check(line: list[str]) -> None:
    try:
        assert procession.main(line, standalone_mode=False) in (0, None)
    except click.ClickException as error:
        if not error.format_message().strip():
            raise


@pytest.mark.parametrize("name", COMMANDS)
def test_every_line_is_accepted_or_answered(name: str) -> None:
    @settings(max_examples=150, suppress_health_check=list(HealthCheck))
    @given(lines(name))
    def answered(line: list[str]) -> None:
        check(line)

    answered()


@pytest.mark.parametrize(
    "option", ["--timeout", "--retries", "--max-failures", "--memory", "--workers", "--recipe"]
)
def test_no_value_is_too_odd_for_an_option(option: str) -> None:
    for value in (*NUMBERS, *NAMES):
        check(["batch", "in", "-o", "out", f"{option}={value}"])


@pytest.mark.parametrize("value", ["nan", "inf", "-inf", "1e999"])
def test_what_is_no_number_is_no_time(value: str) -> None:
    with pytest.raises(click.BadParameter) as caught:
        procession.main(["batch", "in", f"--timeout={value}"], standalone_mode=False)
    assert "--timeout" in caught.value.format_message()


def test_a_cluster_is_the_one_that_is_named_or_that_the_environment_names(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pools: list[Pool] = []
    monkeypatch.setattr(
        "tui_app.cli.batch.run_without_screen", lambda _request, pool, *_, **__: pools.append(pool)
    )
    monkeypatch.setenv("DASK_SCHEDULER_ADDRESS", "tcp://env:1")
    words = ["batch", "in", "--headless", "--executor"]
    for more in (["dask"], ["dask", "--scheduler", "tls://b:2", "--tls-ca", "ca"], ["threads"]):
        procession.main([*words, *more], standalone_mode=False)
    clusters = [Cluster("tcp://env:1"), Cluster("tls://b:2", tls_ca="ca"), Cluster()]
    assert [pool.cluster for pool in pools] == clusters
    assert [pool.local.executor for pool in pools] == ["processes", "processes", "threads"]


TOML = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.sampled_from([10**400, -(10**400), float("nan"), float("inf")]),
        st.floats(),
        st.text(),
        st.dates(),
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=2),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from([*_KEYS, "blurr"]), TOML, max_size=3))
@example(dict.fromkeys(("blur", "sharpen", "quality"), 10**400))
def test_every_recipe_is_accepted_or_answered(table: dict[str, Any]) -> None:
    answered(table)


def test_a_value_that_python_cannot_write_is_answered() -> None:
    nested: list[Any] = []
    for _ in range(10_000):
        nested = [nested]
    # From 3.14 on Python may write it, and it is cut.
    assert answered({"fit": nested}).endswith(("not <list>", "[…"))
    assert answered({"blur": 16**5_000}).endswith("not <int>")


def answered(table: dict[str, Any]) -> str:
    """What is wrong with a recipe, in one short sentence; empty where nothing is."""
    try:
        recipe_from(table, "mine", "mine.toml")
    except RecipeError as error:
        text = str(error)
    else:
        return ""
    assert text.startswith("mine.toml: ")
    assert len(text.splitlines()) == 1
    assert len(text) < 300
    return text


@given(st.text(max_size=200))
@example("blur = " + "[" * 5_000 + "]" * 5_000)
@example("a = {" * 5_000 + "}" * 5_000)
@example("blur = " + "9" * 5_000)
@example("blur = 0x" + "f" * 5_000)
@example("blur = nan")
def test_every_file_is_a_recipe_or_answered(text: str) -> None:
    file = Path("typed.toml")
    file.write_text(text, "utf-8", "surrogatepass")
    told = ""
    try:
        load_recipe(os.fspath(file))
    except RecipeError as error:
        told = str(error)
    finally:
        file.unlink()
    assert not told or "typed.toml" in told


@given(st.text() | st.sampled_from(NUMBERS))
def test_every_number_in_a_field_is_read_or_answered(text: str) -> None:
    number = 1
    with suppress(FormError):
        number = read_number(text, 1000, "{most} {text}")
    assert 1 <= number <= 1000
