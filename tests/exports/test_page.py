"""The page of a run: one file, nothing from elsewhere, everything that the run has, escaped."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings

from tests.exports.recorded import NAMES, recorded
from tests.test_events import TEXT
from tui_app import language
from tui_app.demos.catalogue import find_demo
from tui_app.events import Event, Output, RunStarted, Stream, TaskFailed, TaskQueued
from tui_app.exports.page import LONGEST_LOG, page_of

VOID = ("meta", "path", "rect", "line")
LOADS = ("src", "srcset", "data", "action", "poster", "background", "xlink:href", "ping", "srcdoc")
"""Attributes by which a page loads something, or sends it elsewhere."""


@dataclass
class Node:
    """An element of a page."""

    name: str
    attributes: dict[str, str]
    text: str = ""
    inside: list["Node"] = field(default_factory=list)

    def all(self, *names: str) -> list["Node"]:
        found = [self] if self.name in names else []
        return [*found, *(one for child in self.inside for one in child.all(*names))]

    @property
    def words(self) -> str:
        return self.text + "".join(child.words for child in self.inside)


class Parser(HTMLParser):
    """Builds the tree; every element that begins must end, in the order of nesting."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.open[-1].inside.append(node)
        self.open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in VOID, f"{tag} cannot be empty in HTML"
        self.handle_starttag(tag, attrs)
        self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().name == tag

    def handle_data(self, data: str) -> None:
        self.open[-1].text += data


def parsed(page: str) -> Node:
    parser = Parser()
    parser.feed(page)
    parser.close()
    assert parser.open == [parser.root]
    return parser.root


def page(events: Sequence[Event]) -> Node:
    return parsed(page_of(lambda: events))


def with_code(name: str) -> list[Event]:
    """A recorded demo, with its script, as it is told since."""
    first, *rest = recorded(f"demos/{name}")
    assert isinstance(first, RunStarted)
    return [replace(first, code=find_demo(name).source), *rest]


@pytest.mark.parametrize("name", NAMES[::4])
def test_nothing_is_loaded_from_elsewhere_and_no_script_runs(name: str) -> None:
    text = str(page_of(lambda: recorded(name)))
    for node in parsed(text).all(*re.findall("<([a-z]+)", text)):
        assert node.name not in ("script", "link", "iframe", "object", "embed", "img", "form")
        assert not set(node.attributes) & set(LOADS)
        assert not [one for one in node.attributes if one.startswith("on")]
        assert node.attributes.get("href", "#").startswith("#")
    (style,) = parsed(text).all("style")
    assert "url(" not in style.text
    assert "@import" not in style.text
    addresses = set(re.findall("https?:[^\"'<> ]+", text))
    assert addresses <= {"http://www.w3.org/2000/svg"}, "a name, which nobody asks for"


def test_a_page_has_summary_timeline_code_log_and_how_it_was_run() -> None:
    found = page(with_code("pool-as-completed"))
    titles = [node.words for node in found.all("h2")]
    assert titles == ["Summary", "Timeline", "Code", "Log", "How it was run"]
    assert [link.attributes["href"][1:] for link in found.all("a")] == [
        section.attributes["id"] for section in found.all("section")
    ]
    assert "10 of 10 tasks done" in found.all("header")[0].words
    code = found.all("section")[2]
    lines = {row.all("th")[0].words: row.words for row in code.all("tbody")[0].all("tr")}
    assert "3.01 s" in lines["21"]
    assert "10 times: 15.01 s in all" in lines["11"]
    run = found.all("section")[-1].words
    for words in ("WORKERS8", "SECONDS1.5", "Start methodfork", "Python3.11"):
        assert words in run
    log = found.all("section")[3].words
    assert "waits in as_completed() for the next future" in log


def test_failures_are_in_groups_with_their_names() -> None:
    found = page(recorded("batch"))
    (section,) = [one for one in found.all("section") if one.attributes["id"] == "failures"]
    (row,) = section.all("tbody")[0].all("tr")
    assert [cell.words for cell in row.all("td")] == [
        "1", "its image data is damaged (Truncated File Read)", "open", "bad.jpg",
    ]  # fmt: skip


@pytest.mark.parametrize("name", NAMES[::4])
def test_boxes_tables_and_headings_are_for_everybody(name: str) -> None:
    found = page(recorded(name))
    (html,) = found.all("html")
    assert html.attributes["lang"] == "en"
    assert len(found.all("h1")) == 1
    boxes = [node for node in found.all("div") if "box" in node.attributes["class"]]
    assert boxes
    for box in boxes:
        assert box.attributes["tabindex"] == "0"
        assert box.attributes["aria-label"]
    for table in found.all("table"):
        assert all(one.attributes["scope"] == "col" for one in table.all("thead")[0].all("th"))
        for row in table.all("tbody")[0].all("tr"):
            assert len(row.inside) == len(table.all("thead")[0].all("th"))
    ids = re.findall(' id="([^"]+)"', str(page_of(lambda: recorded(name))))
    assert len(ids) == len(set(ids))


HOSTILE = "</style></script><img src=x onerror=alert(1)>\"'&\x1b]0;x\x07\u202e\ud800"


def test_text_from_outside_is_text_and_no_markup() -> None:
    first, *rest = recorded("batch")
    assert isinstance(first, RunStarted)
    events: list[Event] = [
        replace(first, title=HOSTILE, code=f"# {HOSTILE}\n", host=HOSTILE),
        Output(t=0.1, pid=1, stream=Stream.STDOUT, text=HOSTILE),
        TaskQueued(t=0.1, task=99, label=HOSTILE, weight=1.0),
        TaskFailed(t=0.2, task=99, pid=None, seconds=0.0, error="E", reason=HOSTILE, step=HOSTILE),
        *rest,
    ]
    text = str(page_of(lambda: events))
    text.encode()
    assert "\x1b" not in text
    assert "\u202e" not in text
    found = parsed(text)
    assert not found.all("img", "script")
    assert found.words.count("<img src=x onerror=alert(1)>") >= 5


@settings(max_examples=30, deadline=None)
@given(TEXT)
def test_any_text_stays_inside_its_element(text: str) -> None:
    first, *rest = recorded("demo")
    assert isinstance(first, RunStarted)
    whole = str(page_of(lambda: [replace(first, title=text, code=text), *rest]))
    whole.encode()
    assert len(parsed(whole).all("h1")) == 1


def test_of_a_long_log_the_end_is_told_and_how_much_is_left_out() -> None:
    first, started, *rest = recorded("demo")
    lines = [
        Output(t=0.1, pid=8360, stream=Stream.STDOUT, text=f"line {number}")
        for number in range(LONGEST_LOG + 500)
    ]
    words = page([first, started, *lines, *rest]).words
    assert "line 5499" in words
    assert "line 10\n" not in words
    assert "older lines are left out; an export as .txt has them." in words


def test_a_run_that_was_cut_off_has_a_page_without_a_summary() -> None:
    found = page(recorded("demos/pool-as-completed")[:40])
    assert "there is no summary" in found.words
    assert len(found.all("svg")) == 1


def test_no_event_at_all_is_a_page_too() -> None:
    assert page([]).all("h1")[0].words == "A run"


def test_a_page_speaks_the_present_language() -> None:
    language.use("ro")
    found = page(with_code("pool-as-completed"))
    assert found.all("html")[0].attributes["lang"] == "ro"
    titles = [node.words for node in found.all("h2")]
    assert titles[0] == "Rezumat"
    assert "Timeline" not in titles
