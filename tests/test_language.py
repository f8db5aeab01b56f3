"""The catalogues: whole, right by the rules of each language, and nothing shown that is in none."""

import ast
import io
import re
import string
import tomllib
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po
from textual.binding import Binding
from textual.containers import ScrollableContainer
from textual.widget import Widget
from textual.widgets import Button, DataTable, Input, OptionList, Select, Tabs
from textual.widgets._toggle_button import ToggleButton

from tests.test_layers import MODULES
from tui_app import language
from tui_app.language import LANGUAGES, N_, THIN_SPACE, _, counted, grouped, in_bytes
from tui_app.widgets.base.form_fields import RECIPES
from tui_app.widgets.textual_internals import words

ROOT = Path(__file__).parent.parent
RECIPES_FOLDER = ROOT / "assets" / "recipes"
KEYWORDS = {"_": None, "N_": None, "NN_": (1, 2), "counted": (2, 3)}
"""As in CONTRIBUTING's command."""

TRANSLATED = [name for name in LANGUAGES if name != language.ENGLISH]
every_translation = pytest.mark.parametrize("name", TRANSLATED)

MsgId = str | tuple[str, ...]


def po_file(name: str) -> Path:
    return ROOT / "assets" / "locale" / name / "LC_MESSAGES" / "procession.po"


def catalogue(name: str) -> Catalog:
    with po_file(name).open("rb") as file:
        return read_po(file, locale=name)


def messages(name: str) -> list[Message]:
    return [message for message in catalogue(name) if message.id]


def in_source() -> set[MsgId]:
    found: set[MsgId] = set()
    for top in ("tui_app", "screens"):
        for _file, _line, text, *_rest in extract_from_dir(ROOT / top, keywords=KEYWORDS):
            found.add(tuple(text) if isinstance(text, list) else text)
    return found


def texts(message: Message) -> tuple[str, ...]:
    found = message.string
    return tuple(map(str, found)) if isinstance(found, tuple) else (str(found),)


def ids(message: Message) -> tuple[str, ...]:
    found = message.id
    return tuple(map(str, found)) if isinstance(found, tuple) else (str(found),)


def placeholders(text: str) -> set[str]:
    named = {f"{name}!{how}" for _, name, _, how in string.Formatter().parse(text) if name}
    return named | set(re.findall(r"%\(\w+\)s", text))


def said_by(compiled: Catalog) -> tuple[dict[object, object], str]:
    """What a compiled catalogue says, and by which rule it counts."""
    said: dict[object, object] = {
        tuple(message.id) if isinstance(message.id, list | tuple) else message.id: message.string
        for message in compiled
        if message.id
    }
    return said, compiled.plural_forms


@pytest.mark.slow
@every_translation
def test_the_catalogue_has_what_the_source_says_and_nothing_else(name: str) -> None:
    known = {message.id for message in messages(name)}
    source = in_source()
    assert len(source) > 300
    assert source - known == set(), "to be translated: CONTRIBUTING says how"
    assert known - source == set(), "said nowhere any more: CONTRIBUTING says how"
    assert not catalogue(name).obsolete


@every_translation
def test_every_text_is_translated(name: str) -> None:
    for message in messages(name):
        assert all(texts(message)), f"empty: {message.id}"
        assert not message.fuzzy, f"fuzzy: {message.id}"


@every_translation
def test_the_compiled_catalogue_is_this_one(name: str) -> None:
    """It says the same; its header and its order are the affair of the Babel that compiled it."""
    compiled = io.BytesIO()
    write_mo(compiled, catalogue(name))
    compiled.seek(0)
    with po_file(name).with_suffix(".mo").open("rb") as file:
        assert said_by(read_mo(file)) == said_by(read_mo(compiled))


@every_translation
def test_translations_have_the_same_placeholders(name: str) -> None:
    for message in messages(name):
        wanted = placeholders(ids(message)[-1]) | placeholders(ids(message)[0])
        least = placeholders(ids(message)[0]) & placeholders(ids(message)[-1])
        for text in texts(message):
            assert least <= placeholders(text) <= wanted, text


@every_translation
def test_translations_begin_and_end_as_the_text_does(name: str) -> None:
    for message in messages(name):
        for text in texts(message):
            one = ids(message)[0]
            assert text == text.strip()
            assert unicodedata.normalize("NFC", text) == text
            assert text.endswith(".") == one.endswith("."), text
            assert text.count("\n") == one.count("\n"), text
            assert text.count("`") == one.count("`"), text


def test_romanian_has_its_own_letters() -> None:
    text = po_file("ro").read_text("utf-8")
    assert set("ăâîșțĂÂÎȘȚ") & set(text) >= set("ăâîșțÎȘ")
    assert not set("şţŞŢãÃ") & set(text), "ș and ț have a comma below, ă a breve"


AGREEING = {
    "0",
    "one at a time",
    "{n} failed",
    "{n} not done",
    "{n} of them before",
    "{n} running",
    "{n} skipped",
    "{n} sleeping",
    "{n} to be made",
    "{n} to fail",
    "{n} tried again",
    "{n} unreadable",
    "and {n} more",
    "and {n} more, for other reasons",
}
"""Numbers without a noun after them, which take no `de`."""


def test_romanian_has_three_plurals_the_third_with_de() -> None:
    rule = "nplurals=3; plural=(n==1 ? 0 : (n==0 || (n%100 > 0 && n%100 < 20)) ? 1 : 2);"
    assert catalogue("ro").plural_forms == rule
    plurals = [message for message in messages("ro") if isinstance(message.id, tuple)]
    assert {message.id[0] for message in plurals} >= AGREEING
    for message in plurals:
        assert len(texts(message)) == 3
        few, many = texts(message)[1:]
        if "{n}" in few and message.id[0] not in AGREEING:
            assert many == few.replace("{n} ", "{n} de "), many


def test_numbers_speak_the_language() -> None:
    def images() -> list[str]:
        return [counted(n, "{n} image", "{n} images") for n in (0, 1, 2, 19, 20, 101, 1204)]

    assert images()[:3] == ["0 images", "1 image", "2 images"]
    assert images()[3:] == ["19 images", "20 images", "101 images", f"1{THIN_SPACE}204 images"]
    assert grouped(1234567.89, 1) == f"1{THIN_SPACE}234{THIN_SPACE}567.9"
    language.use("ro")
    few = [f"{n} imagini" for n in (2, 19)]
    assert images()[:5] == ["0 imagini", "1 imagine", *few, "20 de imagini"]
    assert images()[5:] == ["101 imagini", f"1{THIN_SPACE}204 imagini"]
    assert grouped(1234567.89, 1) == f"1{THIN_SPACE}234{THIN_SPACE}567.9"


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (999, "999 bytes"),
        (3210, "3.21 kB"),
        (12_345_678, "12.3 MB"),
        (5e13, "50 TB"),
    ],
)
def test_bytes_for_people(count: float, text: str) -> None:
    assert in_bytes(count) == text


def test_the_language_goes_there_and_back() -> None:
    assert (language.present(), _("Cancel"), N_("Cancel"), _("")) == ("en", "Cancel", "Cancel", "")
    language.use("ro")
    assert (language.present(), _("Cancel"), N_("Cancel"), _("")) == (
        "ro",
        "Anulează",
        "Cancel",
        "",
    )
    assert language.following() == "en"
    language.use("en")
    assert (_("Cancel"), language.following()) == ("Cancel", "ro")


@pytest.mark.parametrize(
    ("variables", "found"),
    [
        ({}, "en"),
        ({"LANG": "ro_RO.UTF-8"}, "ro"),
        ({"LANG": "ro"}, "ro"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "ro_RO.UTF-8"}, "ro"),
        ({"LANG": "ro_RO", "LC_MESSAGES": "en_GB"}, "en"),
        ({"LC_MESSAGES": "ro_RO", "LC_ALL": "C"}, "en"),
        ({"LANG": "ro_RO", "LANGUAGE": "en:ro"}, "en"),
        ({"LANG": "en_US", "LANGUAGE": "de:ro:en"}, "ro"),
        ({"LANG": "ro_RO", "LANGUAGE": ""}, "ro"),
        ({"LANG": "ro_MD@latin"}, "ro"),
    ],
)
def test_the_locale_chooses_a_language(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], found: str
) -> None:
    for variable, value in variables.items():
        monkeypatch.setenv(variable, value)
    assert language.locale_language() == found


# What others say where we show it


@pytest.mark.as_pinned("textual")
@pytest.mark.parametrize(
    "widget",
    [OptionList, DataTable, Input, Select, Button, Tabs, ToggleButton, ScrollableContainer],
)
def test_keys_of_textuals_widgets_are_in_the_catalogues(widget: type[Widget]) -> None:
    keys = [binding for binding in vars(widget)["BINDINGS"] if isinstance(binding, Binding)]
    assert keys
    assert {binding.description for binding in keys} <= set(words.KEYS)


def test_titles_of_recipes_are_in_the_catalogues() -> None:
    shipped = [tomllib.loads(file.read_text("utf-8")) for file in RECIPES_FOLDER.glob("*.toml")]
    assert {table["title"] for table in shipped} == set(RECIPES)


# What is shown, and not marked

MARKS = {"_", "N_", "NN_", "counted"}

SAYS = {
    "Binding": (2,),
    "Button": (0,),
    "Label": (0,),
    "Static": (0,),
    "TabPane": (0,),
    "ReadableCheckbox": (0,),
    "Answer": (1,),
    "SystemCommand": (0, 1),
    "ChoiceDialog": (0,),
    "Option": (0,),
    "add_column": (0,),
    "update": (0,),
    "say": (0,),
    "echo": (0,),
    "note": (0,),
    "styled": (0,),
    "cancel": (0,),
}
"""Calls that show a text, and which of their arguments it is."""

SAYING_KEYWORDS = {
    "placeholder", "help", "short_help", "label", "description", "tooltip", "reason",
    "border_title", "border_subtitle", "message", "skip",
}  # fmt: skip
"""Keywords of any call that show a text."""

ERRORS = re.compile(
    r"(Plan|Image|Recipe|Report|Form|Parameter|Demo|Play|Usage|Value)Error$|ClickException$"
)
"""Exceptions whose text a person reads."""

WORDS = re.compile(r"[A-Za-z]{2,}")

SAME_EVERYWHERE = {
    "PID", "CPU", "MP", "Python", "procession", "tui_app",
}  # fmt: skip
"""Names that are no words of a language."""

ELSEWHERE = ("tui_app.script.probe", "tui_app.script.supervisor")
"""What runs in processes of its own without our catalogues, or says nothing."""


def name_of(call: ast.expr) -> str:
    return call.attr if isinstance(call, ast.Attribute) else getattr(call, "id", "")


def shown(call: ast.Call, raised: set[ast.Call]) -> Iterator[ast.expr]:
    """The arguments of a call that a person reads."""
    name = name_of(call.func)
    places = SAYS.get(name, ())
    if call in raised and ERRORS.search(name):
        places = (0,)
    yield from (call.args[place] for place in places if place < len(call.args))
    yield from (word.value for word in call.keywords if word.arg in SAYING_KEYWORDS)


def unmarked(node: ast.expr) -> Iterator[str]:
    """The words of an expression that no mark stands around."""
    if isinstance(node, ast.Call):
        if name_of(node.func) in MARKS:
            return
        if name_of(node.func) in ("format", "join", "removeprefix"):
            assert isinstance(node.func, ast.Attribute)
            yield from unmarked(node.func.value)
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        for word in WORDS.findall(node.value):
            if word not in SAME_EVERYWHERE:
                yield word
    elif isinstance(node, ast.JoinedStr):
        for part in node.values:
            if isinstance(part, ast.Constant):
                yield from unmarked(part)
    elif isinstance(node, ast.IfExp):
        yield from unmarked(node.body)
        yield from unmarked(node.orelse)
    elif isinstance(node, ast.BinOp):
        yield from unmarked(node.left)
        yield from unmarked(node.right)


def unmarked_in(source: str) -> list[str]:
    tree = ast.parse(source)
    raised = {
        node.exc
        for node in ast.walk(tree)
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call)
    }
    return [
        f"line {call.lineno}: {word}"
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        for argument in shown(call, raised)
        for word in unmarked(argument)
    ]


SPEAKING = [name for name in MODULES if not name.startswith((*ELSEWHERE, "tui_app.assets"))]


def test_what_is_shown_is_marked() -> None:
    found = {module: unmarked_in(MODULES[module].read_text("utf-8")) for module in SPEAKING}
    assert {module: words for module, words in found.items() if words} == {}


def marked_texts(node: ast.AST) -> list[int]:
    """The lines of marks with a text in them, somewhere in a node."""
    return [
        call.lineno
        for call in ast.walk(node)
        if isinstance(call, ast.Call) and name_of(call.func) in MARKS
        if any(isinstance(arg, ast.Constant) and isinstance(arg.value, str) for arg in call.args)
    ]


def test_babel_sees_every_mark() -> None:
    """It looks neither into f-strings (before Python 3.12) nor into the arguments of a mark."""
    for module in SPEAKING:
        for node in ast.walk(ast.parse(MODULES[module].read_text("utf-8"))):
            if isinstance(node, ast.JoinedStr):
                assert marked_texts(node) == [], f"{module}: a mark within an f-string"
            if isinstance(node, ast.Call) and name_of(node.func) in MARKS:
                where = f"{module}, line {node.lineno}"
                assert not any(isinstance(arg, ast.JoinedStr) for arg in node.args), where
                assert [line for arg in node.args for line in marked_texts(arg)] == [], where


def test_the_reader_of_marks_sees_what_is_missing() -> None:
    source = """
Static("Good morning", id="x")
Static(_("Good morning"), markup=False)
Static(f"{name}: {_('x')}")
Binding("a", "act", "Act now", show=False)
option("--x", help="What it is for")
if wrong:
    raise PlanError(f"there is no {path}")
raise KeyError("not for people")
label.update("Ready" if done else _("Wait"))
echo(_("{n} done").format(n=3))
"""
    words = [line.split(": ")[1] for line in unmarked_in(source)]
    assert sorted(words) == sorted(
        ["Good", "morning", "Act", "now", "What", "it", "is", "for", "there", "is", "no", "Ready"]
    )
