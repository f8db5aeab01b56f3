import errno
import fcntl
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.images.factories import picture
from tui_app.images.errors import ImageError, PlanError
from tui_app.images.output.folder import OpenOutput
from tui_app.images.output.journal import JOURNAL
from tui_app.images.output.resume import describe_standing, recipe_mark
from tui_app.images.pipeline import process_image
from tui_app.images.plan import Items, Plan, Standing
from tui_app.images.planner import describe_plan, make_plan
from tui_app.images.recipe import Metadata, Recipe
from tui_app.images.recipe_files import load_recipe

RECIPE = Recipe("small", "", fit=(40, 40))
NAMES = ("a.png", "deep/b.png", "latin\udcff.png", "two\nlines.png")


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """A folder of photographs; its output is beside it, in `out`."""
    for name in NAMES:
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        picture().save(tmp_path / "in" / name, "PNG")
    return tmp_path


def plan_of(folder: Path, recipe: Recipe = RECIPE, **options: bool) -> Plan:
    return make_plan(
        [str(folder / "in")],
        recipe,
        output=str(folder / "out"),
        recursive=True,
        **options,  # type: ignore[arg-type]
    )


class Killed(BaseException):
    """What no handler for errors catches."""


def do(plan: Plan, *, stop_after: int | None = None, killed_at: str = "") -> None:
    """Does what is to be done, as a run does: stopped after so many.

    The worker of the last one is killed as soon as it has come to the step `killed_at`.
    """

    def progress(step: str, fraction: float) -> None:
        if last and step == killed_at:
            raise Killed

    output = OpenOutput(plan, "run")
    todo = [(item, job) for item, job in output.jobs() if output.plan.is_todo(item)][:stop_after]
    for number, (_item, job) in enumerate(todo, 1):
        last = number == len(todo)
        with suppress(ImageError, Killed):
            process_image(job, progress)
    output.close()


def standings(plan: Plan) -> dict[str, Standing]:
    return {item.name: item.standing for item in plan.items}


def all_are(standing: Standing, **others: Standing) -> dict[str, Standing]:
    return dict.fromkeys(NAMES, standing) | {f"{name}.png": what for name, what in others.items()}


def test_what_is_done_is_known_and_said(photos: Path) -> None:
    first = plan_of(photos)
    assert standings(first) == all_are(Standing.NOTHING)
    do(first)
    plan = plan_of(photos)
    assert standings(plan) == all_are(Standing.DONE)
    assert (plan.todo, plan.done, plan.existing) == (Items(), plan.items, Items())
    assert plan.notes == ("4 images done already: --fresh makes them again",)
    lines = list(describe_plan(plan))
    assert "images   0 to process, 4 done already; 0 other files ignored" in lines
    assert any(line.startswith("a.png  96x64  -> a.png  (done already, on 20") for line in lines)
    fresh = plan_of(photos, fresh=True)
    assert (len(fresh.todo), fresh.done) == (4, Items())
    output = OpenOutput(fresh, "again")
    assert all(job.over == item.there is not None for item, job in output.jobs())
    output.close()


def test_what_was_stopped_goes_on_with_the_rest(photos: Path) -> None:
    do(plan_of(photos), stop_after=3, killed_at="save")
    plan = plan_of(photos)
    first, second, third, fourth = (item.standing for item in plan.items)
    assert (first, second, third) == (Standing.DONE, Standing.DONE, Standing.BEGUN)
    assert fourth is Standing.NOTHING
    assert plan.notes == (
        "2 images done already: --fresh makes them again",
        "1 image begun before and not finished: made again",
    )
    lines = list(describe_plan(plan))
    assert sum(line.endswith("(begun and not finished: made again)") for line in lines) == 1
    do(plan)
    assert standings(plan_of(photos)) == all_are(Standing.DONE)


def test_without_a_journal_all_that_stands_there_is_somebody_s_own(photos: Path) -> None:
    do(plan_of(photos))
    shutil.rmtree(photos / "out" / ".procession")
    plan = plan_of(photos)
    assert standings(plan) == all_are(Standing.FOREIGN)
    assert plan.existing == plan.items
    assert plan.notes == (
        "4 outputs left alone, not made by procession: --overwrite replaces them",
    )
    assert len(plan_of(photos, overwrite=True).todo) == 4
    assert plan_of(photos, fresh=True).todo == Items()


def change_source(folder: Path) -> None:
    picture((50, 50)).save(folder / "in" / "a.png")


def touch_source(folder: Path) -> None:
    os.utime(folder / "in" / "a.png", (1, 1))


def change_output(folder: Path) -> None:
    with (folder / "out" / "a.png").open("ab") as file:
        file.write(b"!")


def touch_output(folder: Path) -> None:
    (folder / "out" / "a.png").touch()


def link_output(folder: Path) -> None:
    (folder / "out" / "a.png").unlink()
    (folder / "out" / "a.png").symlink_to("../in/a.png")


def change_both(folder: Path) -> None:
    change_source(folder)
    change_output(folder)


def remove_output(folder: Path) -> None:
    (folder / "out" / "a.png").unlink()


CHANGES: dict[Callable[[Path], None], tuple[Standing, str]] = {
    change_source: (Standing.OLD_SOURCE, "its source has changed since: made again"),
    touch_source: (Standing.OLD_SOURCE, "its source has changed since: made again"),
    change_output: (Standing.CHANGED, "its output was changed since it was made: left alone"),
    touch_output: (Standing.CHANGED, "its output was changed since it was made: left alone"),
    link_output: (Standing.CHANGED, "its output was changed since it was made: left alone"),
    change_both: (Standing.CHANGED, "its output was changed since it was made: left alone"),
    remove_output: (Standing.NOTHING, ""),
}


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_what_was_changed_since(photos: Path, change: Callable[[Path], None]) -> None:
    do(plan_of(photos))
    change(photos)
    standing, says = CHANGES[change]
    plan = plan_of(photos)
    assert standings(plan) == all_are(Standing.DONE, a=standing)
    (line,) = [line for line in describe_plan(plan) if line.startswith("a.png")]
    assert line.partition("-> a.png")[2] == (f"  ({says})" if says else "")
    left = standing is Standing.CHANGED
    assert len(plan.todo) == (0 if left else 1)
    assert len(plan_of(photos, overwrite=True).todo) == 1
    assert len(plan_of(photos, fresh=True).todo) == (3 if left else 4)
    do(plan)
    assert standings(plan_of(photos)) == all_are(
        Standing.DONE, a=Standing.CHANGED if left else Standing.DONE
    )


@pytest.mark.parametrize(
    "other",
    [
        replace(RECIPE, blur=1.0),
        replace(RECIPE, fit=(39, 40)),
        replace(RECIPE, grayscale=True),
        replace(RECIPE, sharpen=10),
        replace(RECIPE, quality=70),
        replace(RECIPE, metadata=Metadata.STRIP),
    ],
)
def test_another_recipe_makes_ours_again(photos: Path, other: Recipe) -> None:
    do(plan_of(photos))
    plan = plan_of(photos, other)
    assert standings(plan) == all_are(Standing.OLD_RECIPE)
    assert plan.notes == ("4 images made in another way before: made again",)
    do(plan)
    assert standings(plan_of(photos, other)) == all_are(Standing.DONE)


def test_what_a_recipe_is_called_changes_nothing(photos: Path) -> None:
    do(plan_of(photos))
    called = replace(RECIPE, name="other", title="of another name")
    assert standings(plan_of(photos, called)) == all_are(Standing.DONE)
    assert standings(plan_of(photos, keep_dates=True)) == all_are(Standing.OLD_RECIPE)
    marks = {recipe_mark(plan_of(photos), written) for written in ("PNG", "JPEG", "PNG")}
    assert len(marks) == 2


# As the versions before there were further keys wrote them.
MARKS = {
    "tutorial": ("fbc03b1216efad11", "b54b890dc9b96cbc"),
    "grayscale": ("bdf802f82cc86091", "390e84a92ea60595"),
    "share": ("14a88b0c351df69b", "be1bbb5f6d49e486"),
    "thumbnail": ("a59c50fc601e3acd", "8e0fe6e58b970dbd"),
    "web": ("6ff7417134f5ebff", "61635224ebfc2989"),
}


@pytest.mark.parametrize("name", MARKS)
def test_what_earlier_versions_made_is_still_done(photos: Path, name: str) -> None:
    recipe = load_recipe(name)
    # What is turned upright anyway is the same whether that is asked for or not.
    for asked in (recipe, replace(recipe, upright=True)):
        plan = plan_of(photos, asked)
        assert tuple(recipe_mark(plan, written) for written in ("JPEG", "PNG")) == MARKS[name]


def test_animations_of_which_one_frame_was_kept_are_made_again(photos: Path) -> None:
    plan = plan_of(photos, load_recipe("web"))
    first = plan_of(photos, replace(load_recipe("web"), frames="first"))
    kept = recipe_mark(plan, "WEBP", animated=True)
    assert kept != recipe_mark(plan, "WEBP") == recipe_mark(first, "WEBP")


def test_what_clean_encoded_before_is_made_again(photos: Path) -> None:
    before = ("bf520d5e0df70b70", "b02aaf1bb0af95d9")
    clean = load_recipe("clean")
    marks = {
        recipe_mark(plan_of(photos, replace(clean, upright=asked)), "JPEG")
        for asked in (False, True)
    }
    assert len(marks - set(before)) == 2


def test_source_and_output_may_move_together(photos: Path) -> None:
    plan = make_plan([str(photos / "in")], RECIPE)
    do(plan)
    (photos / "in").rename(photos / "elsewhere")
    moved = make_plan([str(photos / "elsewhere")], RECIPE)
    assert {item.standing for item in moved.items} == {Standing.DONE}


def test_another_source_of_the_same_name_is_another(photos: Path) -> None:
    shutil.copytree(photos / "in", photos / "in2", copy_function=shutil.copy2)
    do(plan_of(photos))
    other = make_plan([str(photos / "in2")], RECIPE, output=str(photos / "out"), recursive=True)
    assert standings(other) == all_are(Standing.OLD_SOURCE)


def test_a_source_that_changes_while_it_is_read_is_made_again(photos: Path) -> None:
    output = OpenOutput(plan_of(photos), "run")
    for item, job in output.jobs():

        def change(step: str, fraction: float, name: str = item.name) -> None:
            if name == "a.png" and step == "save":
                change_source(photos)

        process_image(job, change)
    output.close()
    assert standings(plan_of(photos)) == all_are(Standing.DONE, a=Standing.OLD_SOURCE)


def test_somebody_s_own_is_still_theirs_after_a_run_that_was_to_replace_it(photos: Path) -> None:
    """Begun, and stopped before it came to it: what stands there is what stood there before."""
    (photos / "out").mkdir()
    for name in NAMES:
        (photos / "out" / name).parent.mkdir(exist_ok=True)
        (photos / "out" / name).write_text("mine")
    do(plan_of(photos, overwrite=True), stop_after=1, killed_at="save")
    assert standings(plan_of(photos)) == all_are(Standing.FOREIGN)


def test_what_appeared_meanwhile_is_not_ours_after_the_image_failed(photos: Path) -> None:
    output = OpenOutput(plan_of(photos), "run")
    for item, job in output.jobs():
        (photos / "out" / item.name).write_text("theirs")
        with pytest.raises(ImageError, match="appeared meanwhile"):
            process_image(job, lambda step, fraction: None)
    output.close()
    assert standings(plan_of(photos)) == all_are(Standing.FOREIGN)


@pytest.mark.parametrize("killed_at", ["decode", "fit", "save"])
def test_what_somebody_puts_there_after_a_kill_is_left_alone(photos: Path, killed_at: str) -> None:
    """An image was begun, or even whole without its name, when everything was killed."""
    do(plan_of(photos), stop_after=2, killed_at=killed_at)
    (begun,) = [i for i in plan_of(photos).items if i.standing is Standing.BEGUN]
    (photos / "out" / begun.name).write_text("theirs")
    plan = plan_of(photos)
    assert [item.name for item in plan.existing] == [begun.name]
    do(plan)
    assert (photos / "out" / begun.name).read_text() == "theirs"


def test_a_kill_between_an_output_s_line_and_its_name_does_no_harm(
    photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    do(plan_of(photos), stop_after=1)

    def refuse(*args: object, **options: object) -> None:
        raise Killed

    # Of an image that is made for the first time, and of one that is made again.
    for changed in (False, True):
        with monkeypatch.context() as patch:
            patch.setattr(os, "link", refuse)
            patch.setattr(os, "rename", refuse)
            do(plan_of(photos, fresh=changed))
        first, *others = plan_of(photos).items
        assert first.standing is Standing.DONE, "what stands there is known by its own line"
        assert {item.standing for item in others} == {Standing.NOTHING}
        for item in others:
            (photos / "out" / item.name).write_text("theirs")
        assert {item.standing for item in plan_of(photos).items[1:]} == {Standing.CHANGED}
        for item in others:
            (photos / "out" / item.name).unlink()


def test_what_is_changed_while_the_run_goes_on_is_not_replaced(photos: Path) -> None:
    do(plan_of(photos))
    output = OpenOutput(plan_of(photos, fresh=True), "again")
    for item, job in output.jobs():
        (photos / "out" / item.name).write_text("retouched just now")
        with pytest.raises(ImageError, match="appeared meanwhile"):
            process_image(job, lambda step, fraction: None)
        assert (photos / "out" / item.name).read_text() == "retouched just now"
    output.close()


def test_an_image_that_fails_leaves_what_was_made_before(photos: Path) -> None:
    do(plan_of(photos))
    (photos / "in" / "a.png").write_text("damaged")
    do(plan_of(photos))
    assert standings(plan_of(photos)) == all_are(Standing.DONE, a=Standing.OLD_SOURCE)
    picture((40, 30)).save(photos / "in" / "a.png")
    do(plan_of(photos))
    assert standings(plan_of(photos)) == all_are(Standing.DONE)


def test_a_run_decides_by_what_stands_there_when_it_begins(photos: Path) -> None:
    early = plan_of(photos)
    do(early)
    (photos / "out" / "a.png").write_text("mine")
    output = OpenOutput(early, "later")
    assert standings(output.plan) == all_are(Standing.DONE, a=Standing.CHANGED)
    output.close()


@pytest.mark.parametrize(
    ("written", "says"),
    [
        (b'{"event":"journal","version":9}\n', "another version"),
        (b"\x00\xffgarbage\n{\n", "2 lines of the journal are torn or not ours"),
    ],
)
def test_a_journal_that_cannot_be_used_is_said(photos: Path, written: bytes, says: str) -> None:
    do(plan_of(photos))
    journal = photos / "out" / ".procession" / JOURNAL
    journal.write_bytes(written)
    plan = plan_of(photos)
    assert standings(plan) == all_are(Standing.FOREIGN)
    assert says in plan.notes[0]
    (photos / "out" / "a.png").unlink()
    do(plan)
    assert (photos / "out" / "a.png").exists()
    assert journal.read_bytes().startswith(written)
    assert (journal.read_bytes() == written) == ("version" in says)


def test_a_second_run_is_refused_and_makes_nothing(photos: Path) -> None:
    small = make_plan([str(photos / "in")], RECIPE, output=str(photos / "out"))
    first = OpenOutput(small, "one")
    with pytest.raises(PlanError, match=r"another run is writing into .*/out: wait for its end"):
        OpenOutput(plan_of(photos), "two")
    assert not (photos / "out" / "deep").exists()
    first.close()
    OpenOutput(plan_of(photos), "two").close()


def test_a_disk_without_locks_is_no_hindrance(
    photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object) -> None:
        raise OSError(errno.ENOTSUP, "as the system says it")

    monkeypatch.setattr(fcntl, "flock", refuse)
    first = OpenOutput(plan_of(photos), "one")
    part = photos / "out" / ".procession" / "one.aa.part"
    part.touch()
    second = OpenOutput(plan_of(photos), "two")
    assert second.notes == first.notes
    assert "this disk knows no locks" in second.notes[0]
    assert part.exists(), "it may be of a run that is at work"
    second.close()
    first.close()
    assert not part.exists()


def test_where_something_can_be_written_nothing_is_refused(photos: Path) -> None:
    output = OpenOutput(plan_of(photos), "one")
    assert output.refusal() == ""
    shutil.rmtree(photos / "out")
    assert output.refusal() == f"the output folder {photos}/out has gone"
    output.close()
    assert not (photos / "out").exists()


def test_a_disk_without_room_for_the_smallest_output_is_full(
    photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    do(plan_of(photos))
    (photos / "out" / "deep" / "b.png").unlink()
    smallest = min(file.stat().st_size for file in (photos / "out").rglob("*.png"))
    output = OpenOutput(plan_of(photos), "one")
    free = smallest
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: SimpleNamespace(free=free))
    assert output.refusal() == ""
    free = smallest - 1
    why = f"nothing more can be written to {photos}/out: the disk is full"
    assert output.refusal() == why

    # One that is made now counts as well.
    output.made(10)
    free = 10
    assert output.refusal() == ""
    free = 9
    assert output.refusal() == why
    output.close()


def test_every_standing_has_its_words(photos: Path) -> None:
    (item, *_) = plan_of(photos).items
    words = {describe_standing(replace(item, standing=standing)) for standing in Standing}
    assert len(words) == len(Standing)


OTHER = Recipe("thumbs", "", fit=(20, 20))


def test_another_recipe_s_outputs_stop_the_plan(photos: Path) -> None:
    do(plan_of(photos), stop_after=3)
    with pytest.raises(PlanError) as caught:
        plan_of(photos, OTHER)
    assert str(caught.value) == (
        f"3 outputs in {photos / 'out'} were made by another recipe:"
        " --overwrite replaces them, -o names another folder"
    )
    with pytest.raises(PlanError, match="another recipe"):
        plan_of(photos, OTHER, fresh=True)
    change_source(photos)
    with pytest.raises(PlanError, match="3 outputs"):
        plan_of(photos, OTHER)


def test_another_recipe_s_outputs_are_replaced_where_asked(photos: Path) -> None:
    do(plan_of(photos))
    plan = plan_of(photos, OTHER, overwrite=True)
    assert standings(plan) == all_are(Standing.OTHER_RECIPE)
    assert plan.todo == plan.items
    assert plan.notes == ("4 outputs of another recipe: replaced",)
    assert any(
        line.endswith("(it was made by another recipe: overwritten)")
        for line in describe_plan(plan)
    )
    do(plan)
    assert standings(plan_of(photos, OTHER)) == all_are(Standing.DONE)


def test_another_recipe_in_another_folder_or_under_other_names_stops_nothing(photos: Path) -> None:
    do(plan_of(photos))
    sources = [str(photos / "in")]
    for options in ({"output": str(photos / "out2")}, {"name": "{stem}-thumb{ext}"}):
        asked = {"output": str(photos / "out"), "recursive": True, **options}
        plan = make_plan(sources, OTHER, **asked)  # type: ignore[arg-type]
        assert standings(plan) == all_are(Standing.NOTHING)


def test_what_another_recipe_made_meanwhile_stops_the_run(photos: Path) -> None:
    plan = plan_of(photos, OTHER)
    do(plan_of(photos))
    with pytest.raises(PlanError, match="4 outputs"):
        OpenOutput(plan, "run")
    with pytest.raises(PlanError, match="4 outputs"):
        OpenOutput(plan, "again")


def test_a_journal_of_an_earlier_version_does_not_name_the_recipe(photos: Path) -> None:
    do(plan_of(photos))
    journal = photos / "out" / ".procession" / JOURNAL
    text = journal.read_text()
    assert text.count(',"by":"small"') == 4
    journal.write_text(text.replace(',"by":"small"', ""))
    assert standings(plan_of(photos)) == all_are(Standing.DONE)
    assert standings(plan_of(photos, OTHER)) == all_are(Standing.OLD_RECIPE)


def test_named_outputs_and_those_of_two_roots_are_known_again(photos: Path) -> None:
    shutil.copytree(photos / "in", photos / "in2")
    sources = [str(photos / "in"), str(photos / "in2")]
    for name in (None, "{stem}-{width}{ext}", "{folder}/{counter}-{recipe}"):
        out = photos / f"out-{name is None}-{len(name or '')}"

        def again(name: str | None = name, out: Path = out) -> Plan:
            return make_plan(sources, RECIPE, output=str(out), recursive=True, name=name)

        do(again())
        assert {item.standing for item in again().items} == {Standing.DONE}
        made = [path for path in out.rglob("*.png") if path.is_file()]
        assert len(made) == len(again().items) == 2 * len(NAMES)
