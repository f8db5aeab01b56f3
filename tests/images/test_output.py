from dataclasses import replace
from pathlib import Path

import pytest

from tests.images.making import TUTORIAL, picture
from tui_app.images.output import Output, prepare_output
from tui_app.images.plan import Plan, PlanError, make_plan


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    """A plan for two images, one in a folder within, into a folder that is not there."""
    (tmp_path / "s" / "inner").mkdir(parents=True)
    picture().save(tmp_path / "s" / "a.jpg")
    picture().save(tmp_path / "s" / "inner" / "b.jpg")
    return make_plan(
        [str(tmp_path / "s")], TUTORIAL, output=str(tmp_path / "deep" / "out"), recursive=True
    )


def below(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def test_the_folders_are_made_and_making_them_again_is_nothing(tmp_path: Path, plan: Plan) -> None:
    prepare_output(plan)
    prepare_output(plan)
    assert below(tmp_path / "deep") == {"out", "out/.procession", "out/inner"}


@pytest.mark.parametrize("fails", ["deep", "out", ".procession", "inner"])
def test_what_cannot_be_made_leaves_nothing(
    tmp_path: Path, plan: Plan, fails: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = below(tmp_path)
    mkdir = Path.mkdir

    def refuse(path: Path) -> None:
        if path.name == fails:
            raise PermissionError(13, "as the system says it")
        mkdir(path)

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(PlanError, match="cannot be made: permission denied"):
        prepare_output(plan)
    assert below(tmp_path) == before


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="no /proc here")
def test_a_file_system_that_takes_no_folders(plan: Plan) -> None:
    with pytest.raises(PlanError) as caught:
        prepare_output(replace(plan, output="/proc/nothing"))
    assert str(caught.value).startswith("the output folder /proc/nothing cannot be made: ")


def test_what_dead_runs_left_is_removed_and_nothing_else(tmp_path: Path, plan: Plan) -> None:
    prepare_output(plan)
    folder = tmp_path / "deep" / "out" / ".procession"
    for name in ("r1.aa.part", "r2.cc.part", "mine.txt"):
        (folder / name).touch()
    output = Output(plan, "r3")
    assert below(folder) == {"journal.jsonl", "lock", "mine.txt"}
    for name in ("r3.dd.part", "r4.ee.part"):
        (folder / name).touch()
    output.close()
    assert below(folder) == {"journal.jsonl", "lock", "mine.txt", "r4.ee.part"}, "its own only"


def test_temporaries_are_removed_from_a_folder_that_was_moved(tmp_path: Path, plan: Plan) -> None:
    output = Output(plan, "r1")
    (tmp_path / "deep" / "out" / ".procession" / "r1.aa.part").touch()
    (tmp_path / "deep" / "out").rename(tmp_path / "elsewhere")
    output.close()
    assert below(tmp_path / "elsewhere" / ".procession") == {"journal.jsonl", "lock"}
    assert not (tmp_path / "deep" / "out").exists()
