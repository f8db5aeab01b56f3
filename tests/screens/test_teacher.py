"""A teacher prepares a lesson: picks demos in an order, writes notes, searches."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from rich.cells import cell_len
from textual import events
from textual.pilot import Pilot
from textual.widgets import Input, OptionList
from tui_app.screens.demos import DemosScreen
from tui_app.screens.dialogs.note import NoteDialog

from tests.screens.pictures import Pictures, every_size
from tests.screens.pilot_steps import leave, until
from tests.screens.test_snapshots import SMALL, Size
from tui_app import language
from tui_app.app import ProcessionApp
from tui_app.demos.catalogue import demos, find_demo
from tui_app.demos.lesson_plan import LessonPlan
from tui_app.demos.notes import FILE, LONGEST, Notes
from tui_app.language import LANGUAGES, _
from tui_app.settings import Settings
from tui_app.widgets.base.line_widget import PlainText
from tui_app.widgets.demo_list import DemoList
from tui_app.widgets.note_area import NoteArea
from tui_app.widgets.title_row import TitleRow

LESSON = ("pool-map-order", "process-joined", "two-calls")
MARKUP = "[b]Ask[/b] Ana"

pytestmark = pytest.mark.slow


def screen_of(pilot: Pilot[None]) -> DemosScreen:
    screen = pilot.app.screen
    assert isinstance(screen, DemosScreen)
    return screen


def listed(pilot: Pilot[None]) -> DemoList:
    return screen_of(pilot).query_one(DemoList)


def under_cursor(pilot: Pilot[None]) -> str:
    demo = listed(pilot).demo
    assert demo is not None
    return demo.name


def status(pilot: Pilot[None]) -> str:
    return str(screen_of(pilot).query_one("#status", PlainText).render())


def title(pilot: Pilot[None]) -> str:
    return str(screen_of(pilot).query_one(TitleRow).render())


def entry(pilot: Pilot[None], name: str) -> str:
    return str(listed(pilot).get_option(name).prompt)


def rows(pilot: Pilot[None]) -> list[str]:
    """The names in the list, and its headings."""
    return [option.id or str(option.prompt) for option in listed(pilot).options]


async def the_list(pilot: Pilot[None]) -> None:
    """Waits until the list is there."""
    await pilot.press("d")
    await until(pilot, lambda: isinstance(pilot.app.screen, DemosScreen))
    await until(
        pilot, lambda: pilot.app.focused is listed(pilot) and listed(pilot).demo is not None
    )


def plan(*names: str) -> None:
    LessonPlan(names).save()


# The order of the lesson


async def test_space_picks_in_the_teacher_s_own_order_and_keys_move_a_demo_in_it() -> None:
    app = ProcessionApp()
    async with app.run_test(size=SMALL) as pilot:
        await the_list(pilot)
        # Without a pause between them: no key overtakes another.
        await pilot.press("down", "down", "space", "up", "space", "down", "down", "space")
        await pilot.pause()
        picked = ["process-created", "two-calls", "process-started"]
        assert [demo.name for demo in LessonPlan.load().demos] == picked
        assert entry(pilot, "process-created").split()[:2] == ["1.", "3"]
        assert rows(pilot)[:4] == ["YOUR LESSON", *(f"lesson {name}" for name in picked)]
        await pilot.press("left_square_bracket")
        await pilot.pause()
        assert Settings.load().lesson_order == ("process-created", "process-started", "two-calls")
        await pilot.press("shift+up", "shift+up", "shift+down")
        await pilot.pause()
        assert Settings.load().lesson_order == ("process-created", "process-started", "two-calls")
        assert under_cursor(pilot) == "process-started"
        await pilot.press("space")
        await pilot.pause()
        assert Settings.load().lesson_order == ("process-created", "two-calls")
        assert under_cursor(pilot) == "process-started"


async def test_in_the_lesson_itself_the_cursor_goes_with_the_demo_and_the_list_stays() -> None:
    plan(*LESSON)
    app = ProcessionApp()
    async with app.run_test(size=SMALL) as pilot:
        await the_list(pilot)
        assert under_cursor(pilot) == "pool-map-order", "it begins with the first of the lesson"
        await pilot.press("right_square_bracket")
        await pilot.pause()
        assert listed(pilot).highlighted == 2
        assert under_cursor(pilot) == "pool-map-order"
        await pilot.press("space")
        await pilot.pause()
        assert under_cursor(pilot) == "two-calls", "the one after it"
        await pilot.press("space")
        await pilot.pause()
        assert under_cursor(pilot) == "process-joined", "it was the last, so the one before it"
        await pilot.press("space")
        await pilot.pause()
        assert rows(pilot)[0] == "THE TUTORIAL"
        assert under_cursor(pilot) == "process-joined"


async def test_left_and_right_go_from_heading_to_heading() -> None:
    app = ProcessionApp()
    async with app.run_test(size=SMALL) as pilot:
        await the_list(pilot)
        seen = []
        for key in ("right", "right", "right", "right", "left"):
            await pilot.press(key)
            await pilot.pause()
            seen.append(under_cursor(pilot))
            row = (listed(pilot).highlighted or 0) - listed(pilot).scroll_offset.y
            assert 0 < row < listed(pilot).size.height, "the heading is seen above it"
        last = "locks-crosswise"
        assert seen == ["map-not-read", "queue-two-producers", last, last, "queue-two-producers"]


async def test_at_its_top_the_list_shows_its_heading_and_what_a_demo_is_moved_among() -> None:
    plan(*LESSON)
    app = ProcessionApp()
    async with app.run_test(size=SMALL) as pilot:
        await the_list(pilot)
        await pilot.press("end")
        await until(pilot, lambda: listed(pilot).scroll_offset.y > 0)
        await pilot.press("home")
        await until(pilot, lambda: listed(pilot).scroll_offset.y == 0)
        await pilot.press("down", "end", "home", "right_square_bracket", "right_square_bracket")
        await pilot.pause()
        assert LessonPlan.load().names == (*LESSON[1:], LESSON[0])
        assert listed(pilot).scroll_offset.y == 0


async def test_the_row_under_the_cursor_stays_where_it_is_when_the_lesson_grows() -> None:
    app = ProcessionApp()
    async with app.run_test(size=SMALL) as pilot:
        await the_list(pilot)
        found = listed(pilot)
        await pilot.press("end")
        await pilot.pause()
        row = (found.highlighted or 0) - found.scroll_offset.y
        await pilot.press("up", "space", "down", "space")
        await pilot.pause()
        assert (found.highlighted or 0) - found.scroll_offset.y == row
        assert len(LessonPlan.load().demos) == 2


@pytest.mark.parametrize("presenting", [False, True])
async def test_n_p_and_a_clicker_go_through_the_lesson_in_its_order(presenting: bool) -> None:
    plan(*LESSON)
    app = ProcessionApp(demo=find_demo("pool-map-order"))
    forth, back = ("pagedown", "pageup") if presenting else ("n", "p")
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        if presenting:
            await pilot.press("v")
        shown = []
        for key in (forth, forth, forth, back):
            await pilot.press(key)
            await pilot.pause()
            shown.append(screen_of(pilot).demo.name)
            if len(shown) == 3:
                assert _("○ this is the last demo of the lesson") in status(pilot)
        assert shown == ["process-joined", "two-calls", "two-calls", "process-joined"]
        assert title(pilot).endswith("2 of 3")


async def test_after_a_demo_that_is_not_in_it_the_lesson_goes_on_where_it_was_left() -> None:
    plan(*LESSON)
    app = ProcessionApp(demo=find_demo("process-joined"))
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        await screen_of(pilot).show_demo(find_demo("lost-updates"))
        await pilot.press("n")
        await pilot.pause()
        assert screen_of(pilot).demo.name == "two-calls"


@pytest.mark.parametrize("spoken", LANGUAGES)
async def test_the_title_says_how_many_demos_the_lesson_has_and_how_long_they_run(
    spoken: str,
) -> None:
    language.use(spoken)
    plan("process-joined", "two-calls")
    app = ProcessionApp()
    async with app.run_test(size=SMALL) as pilot:
        await the_list(pilot)
        says = {"en": "lesson: 2 demos, about 3.0 s", "ro": "lecția: 2 demonstrații, circa 3.0 s"}
        assert title(pilot).endswith(says[spoken])
        for demo in demos():
            if LessonPlan.load().place(demo) is None:
                screen_of(pilot)._presentation.pick(demo)
        screen_of(pilot).share_room()
        more = {"en": f"{len(demos())} demos, more than ", "ro": "de demonstrații, peste "}
        assert more[spoken] in title(pilot)
        assert cell_len(title(pilot)) <= 78


# Search


async def test_slash_searches_arrows_move_and_enter_chooses() -> None:
    app = ProcessionApp()
    async with app.run_test(size=SMALL) as pilot:
        await the_list(pilot)
        await pilot.press("slash")
        await pilot.press(*"as they come")
        await pilot.pause()
        assert rows(pilot)[:3] == ["IN THE TITLE", "pool-as-completed", "IN THE TEXT OF THE LESSON"]
        assert "demos" in status(pilot)
        await pilot.press(*["backspace"] * 12, *"message")
        await pilot.pause()
        assert rows(pilot)[0] == "IN THE TEXT OF THE LESSON"
        hits = rows(pilot)[1:]
        assert "too-small-tasks" in hits
        assert screen_of(pilot).demo.name == "one-call", "until one is chosen"
        await pilot.press("down", "enter")
        await until(pilot, lambda: not screen_of(pilot).choosing)
        assert screen_of(pilot).demo.name == hits[1]
        await pilot.press("l")
        await pilot.pause()
        assert "THE TUTORIAL" in rows(pilot)
        assert under_cursor(pilot) == hits[1]
        assert not screen_of(pilot).query_one("SearchField").display


async def test_escape_gives_all_back_and_the_demo_that_was_shown() -> None:
    app = ProcessionApp()
    async with app.run_test(size=SMALL) as pilot:
        await the_list(pilot)
        before = rows(pilot)
        await pilot.press("down", "down", "slash", *"pool", "down", "down", "tab", "down")
        await pilot.pause()
        assert rows(pilot) != before
        await pilot.press("escape")
        await pilot.pause()
        assert rows(pilot) == before
        assert under_cursor(pilot) == screen_of(pilot).demo.name == "process-created"
        assert app.focused is listed(pilot)
        assert screen_of(pilot).choosing
        await pilot.press("escape")
        await pilot.pause()
        assert not screen_of(pilot).choosing


@pytest.mark.parametrize("spoken", LANGUAGES)
async def test_what_finds_nothing_is_said_in_one_line_and_is_never_markup(spoken: str) -> None:
    language.use(spoken)
    app = ProcessionApp()
    async with app.run_test(size=SMALL) as pilot:
        await the_list(pilot)
        await pilot.press("slash")
        app.screen.query_one("SearchField", Input).value = "[b]nothing[/b] of\x1b[31m that"
        await until(pilot, lambda: "[b]nothing[/b] of" in status(pilot))
        assert "\x1b" not in status(pilot)
        assert listed(pilot).option_count == 0
        await pilot.press("enter", "down")
        await pilot.pause()
        assert screen_of(pilot).choosing


async def test_in_a_demo_the_same_key_searches_its_log() -> None:
    app = ProcessionApp(demo=find_demo("one-call"))
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        await pilot.press("slash")
        await pilot.pause()
        assert app.focused is app.screen.query_one("LogPane Input")


@pytest.mark.parametrize("place", ["home", "demos", "batch"])
async def test_the_command_palette_finds_demos_by_the_same_search(home: Path, place: str) -> None:
    app = ProcessionApp()
    async with app.run_test(size=SMALL) as pilot:
        await app.switch_mode(place)
        await pilot.pause()
        await pilot.press("ctrl+p", *"serializ")
        found = app.screen.query_one(OptionList)
        await until(pilot, lambda: found.option_count > 1 and "10 " in str(found.options[1].prompt))
        numbers = [str(option.prompt).split()[0] for option in found.options]
        assert numbers == ["8", "10", "22", "28", "30", "37"]
        await pilot.press("down", "enter")
        await until(
            pilot, lambda: isinstance(app.screen, DemosScreen) and not screen_of(pilot).choosing
        )
        assert screen_of(pilot).demo.name in ("process-args", "pool-result")


async def test_while_a_demo_is_played_the_palette_does_not_take_it_away() -> None:
    app = ProcessionApp(demo=find_demo("one-call"))
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await pilot.pause()
        screen_of(pilot).busy = True
        await app.open_demo(find_demo("two-calls"))
        await until(pilot, lambda: bool(app._notifications))
        assert screen_of(pilot).demo.name == "one-call"
        screen_of(pilot).busy = False


# Notes


async def test_a_note_is_kept_as_it_is_typed_and_marked_and_is_no_markup() -> None:
    app = ProcessionApp(demo=find_demo("two-calls"))
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        assert "¶" not in title(pilot)
        await pilot.press("N")
        await until(pilot, lambda: isinstance(app.screen, NoteDialog))
        area = app.screen.query_one(NoteArea)
        area.insert(MARKUP)
        await pilot.press("enter", "q", "N")
        await until(pilot, lambda: Notes().text(find_demo("two-calls")) == f"{MARKUP}\nqN")
        assert MARKUP in str(area.render_line(0).text)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, DemosScreen))
        await pilot.pause()
        assert "¶" in title(pilot)
        assert "¶" in entry(pilot, "two-calls")
        assert "¶" not in entry(pilot, "one-call")
        await pilot.press("N")
        await until(pilot, lambda: isinstance(app.screen, NoteDialog))
        assert app.screen.query_one(NoteArea).text == f"{MARKUP}\nqN"


async def test_leaving_at_once_loses_nothing() -> None:
    app = ProcessionApp(demo=find_demo("two-calls"))
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        await pilot.press("N")
        await until(pilot, lambda: isinstance(app.screen, NoteDialog))
        await pilot.press(*"abc")
        await leave(pilot, "ctrl+c")
    assert Notes().text(find_demo("two-calls")) == "abc"


async def test_in_the_list_the_note_is_of_the_demo_under_the_cursor() -> None:
    app = ProcessionApp()
    async with app.run_test(size=SMALL) as pilot:
        await the_list(pilot)
        await pilot.press("slash", *"queue", "tab", "down", "N")
        await until(pilot, lambda: isinstance(app.screen, NoteDialog))
        await pilot.press("x", "ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, DemosScreen))
        assert list(FILE.load()) == [under_cursor(pilot)]


async def test_in_front_of_a_class_a_note_is_seen_only_when_its_key_is_pressed() -> None:
    notes = Notes()
    notes.keep(find_demo("two-calls"), "a secret of the teacher")
    notes.save()
    app = ProcessionApp(demo=find_demo("two-calls"))
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        await pilot.press("v")
        await pilot.pause()

        def drawn() -> str:
            return "\n".join(strip.text for strip in app.screen._compositor.render_strips(app.size))

        assert "secret" not in drawn()
        await pilot.press("N")
        await until(pilot, lambda: "a secret of the teacher" in drawn())


async def test_what_does_not_fit_into_a_note_is_not_taken_and_said() -> None:
    app = ProcessionApp(demo=find_demo("two-calls"))
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        await pilot.press("N")
        await until(pilot, lambda: isinstance(app.screen, NoteDialog))
        area = app.screen.query_one(NoteArea)
        said = app.screen.query_one("#note-said", PlainText)
        app.post_message(events.Paste("x" * (LONGEST - 1)))
        await until(pilot, lambda: len(area.text) == LONGEST - 1)
        await until(pilot, lambda: "3 999 of 4 000" in str(said.render()).replace("\u202f", " "))
        app.post_message(events.Paste("yyy"))
        await until(pilot, lambda: "room for 1" in str(said.render()))
        assert area.text == "x" * (LONGEST - 1)
        await pilot.press("z", "z", "backspace", "w")
        await pilot.pause()
        assert area.text == "x" * (LONGEST - 1) + "w"


async def test_where_a_note_cannot_be_written_it_is_said_and_stays_until_one_leaves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    app = ProcessionApp(demo=find_demo("two-calls"))
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await pilot.pause()
        monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "file"))
        await pilot.press("N")
        await until(pilot, lambda: isinstance(app.screen, NoteDialog))
        await pilot.press(*"abc")
        said = app.screen.query_one("#note-said", PlainText)
        await until(pilot, lambda: "only until you leave" in str(said.render()))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, DemosScreen))
        assert [one.severity for one in app._notifications] == ["error"]
        await pilot.press("N")
        await until(pilot, lambda: isinstance(app.screen, NoteDialog))
        assert app.screen.query_one(NoteArea).text == "abc"


# How it looks


@pytest.mark.parametrize("spoken", LANGUAGES)
async def test_what_is_said_below_the_list_fits(spoken: str) -> None:
    language.use(spoken)
    plan(*LESSON)
    app = ProcessionApp()
    async with app.run_test(size=SMALL) as pilot:
        await the_list(pilot)
        said = [status(pilot)]
        await pilot.press("end")
        await pilot.pause()
        said.append(status(pilot))
        await pilot.press("slash")
        await pilot.pause()
        said.append(status(pilot))
        await pilot.press("a")
        await pilot.pause()
        said.append(status(pilot))
        assert len(set(said)) == 4
        assert max(map(cell_len, said)) <= 78


@every_size
async def test_planning(pictures: Pictures, size: Size) -> None:
    plan(*LESSON)
    notes = Notes()
    notes.keep(find_demo("process-joined"), f"{MARKUP} what join waits for.")
    notes.save()
    async with pictures.of(ProcessionApp(), size) as looker:
        await the_list(looker.pilot)
        await looker.look_in_both_themes("planned")
        await looker.pilot.press("down", "N")
        await looker.look("note")
        await looker.pilot.press("escape", "slash", *"queue")
        await looker.look("searched")


async def test_planning_in_romanian(pictures: Pictures) -> None:
    plan(*LESSON)
    replace(Settings.load(), language="ro").save()
    language.use("ro")
    async with pictures.of(ProcessionApp(), SMALL) as looker:
        await the_list(looker.pilot)
        await looker.pilot.press("slash", *"coada")
        await looker.look("searched")
