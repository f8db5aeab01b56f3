import json
from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.odd_json import ODD_VALUES
from tui_app.demos.catalogue import find_demo
from tui_app.demos.copies import FILE, Copies, load_copies

SEVEN = find_demo("loop-joined")


def test_copies_are_remembered_until_they_are_taken_back() -> None:
    copies = Copies()
    copies.keep(SEVEN, "changed\n")
    copies.save()
    again = Copies()
    assert again.text(SEVEN) == "changed\n"
    assert again.is_changed(SEVEN)
    again.reset(SEVEN)
    again.save()
    assert Copies().text(SEVEN) == SEVEN.source


def test_what_another_app_remembers_is_left_alone() -> None:
    one, other = Copies(), Copies()
    one.keep(SEVEN, "one\n")
    one.save()
    other.keep(find_demo("one-call"), "other\n")
    other.save()
    assert Copies().text(SEVEN) == "one\n"
    assert Copies().text(find_demo("one-call")) == "other\n"


def test_the_broken_and_the_mended_text_have_each_a_copy() -> None:
    demo = replace(SEVEN, mended="mended\n")
    copies = Copies()
    assert not copies.is_mended(demo)
    copies.keep(demo, "broken, changed\n")
    copies.swap(demo)
    assert copies.is_mended(demo)
    assert copies.text(demo) == "mended\n"
    copies.keep(demo, "mended, changed\n")
    copies.swap(demo)
    assert copies.text(demo) == "broken, changed\n"
    copies.swap(demo)
    copies.reset(demo)
    assert copies.text(demo) == "mended\n"
    copies.swap(SEVEN)
    assert not copies.is_mended(SEVEN)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.dictionaries(st.sampled_from(["one-call", "x"]), ODD_VALUES))
def test_odd_copies_are_left_out(data: dict[str, Any]) -> None:
    FILE.path.parent.mkdir(parents=True, exist_ok=True)
    FILE.path.write_text(json.dumps(data))
    for text in load_copies().values():
        text.encode()
