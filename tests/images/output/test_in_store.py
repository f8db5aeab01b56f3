"""A batch from and to a store, all of it in this process: a store in memory is seen by no other."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from tests.images.factories import picture
from tests.stores.memory import clear_memory, memory_files
from tui_app.images.codec.headers import Header, HeaderOptions, read_header
from tui_app.images.errors import ImageError, PlanError
from tui_app.images.output.folder import OpenOutput
from tui_app.images.output.journal_lines import Begun
from tui_app.images.output.store_folder import OpenStore
from tui_app.images.output.store_journal import MOST_LINES, StoreJournal
from tui_app.images.pipeline import process_image
from tui_app.images.plan import Plan, Standing
from tui_app.images.planner import describe_plan, make_plan
from tui_app.images.recipe import Recipe
from tui_app.images.store_headers import FIRST_BYTES, store_headers
from tui_app.stores.errors import StoreError
from tui_app.stores.opening import store_of
from tui_app.stores.store import Store

RECIPE = Recipe("small", "", fit=(40, 40))
NAMES = ("[x].jpg", "a b.png", "deep/ü.jpg", "q?x#y%20.webp")
URL = "memory://photos/in"


@pytest.fixture
def photos(tmp_path: Path) -> Iterator[Path]:
    """The same photographs in `in`, and in a store; outputs go beside them, into `out`."""
    store, _name = store_of("memory://photos")
    for number, name in enumerate(NAMES):
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        picture((96, 64 + number)).save(path)
        store.write(f"in/{name}", path.read_bytes())
    yield tmp_path
    clear_memory()


def headers(urls: Sequence[str], *, options: HeaderOptions) -> Iterator[Header]:
    def read(path: str, name: str) -> Header:
        return read_header(path, options, named=name)

    for url in urls:
        remote = url.startswith("memory://")
        yield (
            store_headers([url], read, dated=options.details)[0]
            if remote
            else read_header(url, options)
        )


def plan_of(source: str, output: str, recipe: Recipe = RECIPE, **options: bool) -> Plan:
    return make_plan(
        [source],
        recipe,
        output=output,
        recursive=True,
        headers=headers,  # type: ignore[arg-type]
        **options,  # type: ignore[arg-type]
    )


def do(plan: Plan, most: int | None = None) -> list[str]:
    """Does what is to be done, as a run does; returns why images failed."""
    lost: list[str] = []
    output: OpenOutput | OpenStore = (
        OpenStore(plan, os.urandom(4).hex(), lost.append)
        if plan.output.startswith("memory://")
        else OpenOutput(plan, "run")
    )
    todo = [job for item, job in output.jobs() if output.plan.is_todo(item)][:most]
    failures = []
    for job in todo:
        try:
            process_image(job, lambda step, fraction: None)
        except ImageError as error:
            failures.append(str(error))
    output.close()
    assert not lost
    return failures


def in_store(folder: str) -> dict[str, bytes]:
    store, name = store_of(f"memory://photos/{folder}")
    entries, _below = store.entries(name, recursive=True)
    names = [entry.name for entry in entries if not entry.name.startswith(".procession")]
    return {each: store.read(f"{name}/{each}") for each in names}


def standings(plan: Plan) -> set[Standing]:
    return {item.standing for item in plan.items}


def test_from_and_to_a_store_outputs_are_those_of_folders(photos: Path) -> None:
    local = {name: photos / "out" / name for name in NAMES}
    assert do(plan_of(str(photos / "in"), str(photos / "out"))) == []
    expected = {name: path.read_bytes() for name, path in local.items()}
    assert do(plan_of(URL, "memory://photos/out")) == []
    assert in_store("out") == expected
    assert do(plan_of(str(photos / "in"), "memory://photos/uploaded")) == []
    assert in_store("uploaded") == expected
    assert do(plan_of(URL, str(photos / "fetched"))) == []
    fetched = {name: (photos / "fetched" / name).read_bytes() for name in NAMES}
    assert fetched == expected
    assert standings(plan_of(URL, str(photos / "fetched"))) == {Standing.DONE}


def test_the_next_run_goes_on_where_one_stopped(photos: Path) -> None:
    do(plan_of(URL, "memory://photos/out"), most=2)
    plan = plan_of(URL, "memory://photos/out")
    assert (len(plan.done), len(plan.todo)) == (2, 2)
    do(plan)
    assert standings(plan_of(URL, "memory://photos/out")) == {Standing.DONE}
    store, _name = store_of(URL)
    store.write("in/[x].jpg", store.read("in/deep/ü.jpg"))
    assert standings(plan_of(URL, "memory://photos/out")) == {Standing.DONE, Standing.OLD_SOURCE}
    with pytest.raises(PlanError, match="another recipe"):
        plan_of(URL, "memory://photos/out", replace(RECIPE, name="other", fit=(20, 20)))


def test_an_output_whose_line_is_missing_is_made_again_and_counts(
    photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after a death, or a refusal, between an output and its line."""
    real = StoreJournal.append
    lines = iter(range(100))

    def refuse_second(self: StoreJournal, line: object, run: str) -> None:
        if next(lines) % 2:
            raise StoreError("no", "refused")
        real(self, line, run)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(StoreJournal, "append", refuse_second)
        failures = do(plan_of(URL, "memory://photos/out"))
    assert failures == ["the output cannot be written: refused"] * len(NAMES)
    assert set(in_store("out")) == set(NAMES)
    plan = plan_of(URL, "memory://photos/out")
    assert standings(plan) == {Standing.BEGUN}
    assert do(plan) == []
    assert standings(plan_of(URL, "memory://photos/out")) == {Standing.DONE}


def test_what_is_somebody_s_own_is_left_alone(photos: Path) -> None:
    store, _name = store_of(URL)
    store.write("out/[x].jpg", b"mine")
    plan = plan_of(URL, "memory://photos/out")
    assert len(plan.existing) == 1
    assert any("left alone" in note for note in plan.notes)
    do(plan)
    assert in_store("out")["[x].jpg"] == b"mine"
    do(plan_of(URL, "memory://photos/out", overwrite=True))
    assert in_store("out")["[x].jpg"] != b"mine"


def test_an_output_that_appears_meanwhile_is_not_replaced(photos: Path) -> None:
    plan = plan_of(URL, "memory://photos/out")
    store, _name = store_of(URL)
    output = OpenStore(plan, os.urandom(4).hex(), lambda why: None)
    jobs = {item.name: job for item, job in output.jobs()}
    store.write("out/[x].jpg", b"mine")
    with pytest.raises(ImageError, match="appeared meanwhile"):
        process_image(jobs["[x].jpg"], lambda step, fraction: None)
    output.close()
    assert in_store("out")["[x].jpg"] == b"mine"


def test_names_that_no_folder_can_have_fail_by_their_names(photos: Path) -> None:
    files = memory_files()
    for name in ("x/../y.jpg", "x//y.jpg"):
        files[f"/photos/in/{name}"] = files["/photos/in/[x].jpg"]
    plan = plan_of(URL, str(photos / "out"))
    assert {item.name for item in plan.items} == set(NAMES)
    assert sorted(flaw.name for flaw in plan.flaws) == [f"{URL}/x/../y.jpg", f"{URL}/x//y.jpg"]


def test_hidden_names_outputs_and_what_is_excluded_are_left_out(photos: Path) -> None:
    store, _name = store_of(URL)
    data = store.read("in/[x].jpg")
    for name in ("in/.hidden/a.jpg", "in/small/a.jpg", "in/small/.procession/lock", "in/notes.txt"):
        store.write(name, data)
    store.write("in/out/a.jpg", data)
    plan = make_plan(
        [URL],
        RECIPE,
        output=f"{URL}/out",
        recursive=True,
        exclude=("deep",),
        headers=headers,  # type: ignore[arg-type]
    )
    assert {item.name for item in plan.items} == set(NAMES) - {"deep/ü.jpg"}
    assert plan.ignored == 1
    assert any("outputs of ours" in note for note in plan.notes)


def test_what_is_no_image_is_not_fetched_again(photos: Path) -> None:
    store, _name = store_of(URL)
    store.write("in/broken.jpg", b"nothing")
    store.write("in/empty.jpg", b"")
    store.write("in/raw.cr2", b"nothing")
    plan = plan_of(URL, str(photos / "out"))
    assert {flaw.name for flaw in plan.flaws} == {"broken.jpg", "empty.jpg"}
    (flaw,) = plan_of(f"{URL}/raw.cr2", str(photos / "out")).flaws
    assert "raw file" in flaw.reason


def test_a_large_jpeg_s_header_is_read_from_its_first_bytes(
    photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, _name = store_of(URL)
    for name in ("in/[x].jpg", "in/a b.png"):
        store.write(name, store.read(name) + bytes(FIRST_BYTES))
    fetched: list[str] = []
    real = Store.read

    def read(self: Store, name: str) -> bytes:
        fetched.append(name)
        return real(self, name)

    with monkeypatch.context() as patched:
        patched.setattr(Store, "read", read)
        plan = plan_of(URL, str(photos / "out"))
    assert fetched == ["in/a b.png"]
    assert {(item.width, item.height) for item in plan.items} == {(96, 64 + n) for n in range(4)}
    sizes = {item.name: item.bytes for item in plan.items}
    assert sizes["[x].jpg"] > FIRST_BYTES


def test_the_plan_says_what_the_store_promises(photos: Path) -> None:
    lines = list(describe_plan(plan_of(URL, "memory://photos/out", keep_dates=True)))
    assert any("the last writer wins" in line for line in lines)
    assert any("--keep-dates does nothing" in line for line in lines)


def test_where_outputs_go_is_asked_for(photos: Path) -> None:
    with pytest.raises(PlanError, match="-o"):
        make_plan([URL], RECIPE)
    with pytest.raises(PlanError, match="is a source folder"):
        plan_of(URL, URL)
    with pytest.raises(PlanError, match="there is no"):
        plan_of("memory://photos/nothing", "memory://photos/out")


def test_a_journal_goes_on_in_the_next_object(photos: Path) -> None:
    journal = StoreJournal("memory://photos/out")
    for number in range(MOST_LINES + 3):
        journal.append(Begun(f"{number}.jpg"), "many")
    assert [line.output for line in journal.lines()] == [f"{n}.jpg" for n in range(MOST_LINES + 3)]
    store, name = store_of("memory://photos/out/.procession/journal")
    entries, _below = store.entries(name, recursive=False)
    assert len(entries) == 2
    store.write(f"{name}/{entries[0].name}", b"torn\n")
    assert len(list(journal.lines())) in (3, MOST_LINES)
    assert journal.unread == 1
