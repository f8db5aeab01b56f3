import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from tests.images.factories import TUTORIAL, jobs, picture
from tui_app.images.errors import PlanError
from tui_app.images.output.folder import OpenOutput
from tui_app.images.plan import Plan
from tui_app.images.planner import make_plan


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
    for _ in range(2):
        with jobs(plan):
            assert below(tmp_path / "deep") == {"out", "out/.procession", "out/inner"}


@pytest.mark.parametrize("fails", ["deep", "out", ".procession", "inner"])
def test_what_cannot_be_made_leaves_nothing(
    tmp_path: Path, plan: Plan, fails: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = below(tmp_path)
    mkdir = os.mkdir

    def refuse(name: str, mode: int = 0o777, *, dir_fd: int | None = None) -> None:
        if name == fails:
            raise PermissionError(13, "as the system says it")
        mkdir(name, mode, dir_fd=dir_fd)

    monkeypatch.setattr(os, "mkdir", refuse)
    with pytest.raises(PlanError, match="cannot be made: permission denied"):
        OpenOutput(plan, "run")
    assert below(tmp_path) == before


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="no /proc here")
def test_a_file_system_that_takes_no_folders(plan: Plan) -> None:
    with pytest.raises(PlanError) as caught:
        OpenOutput(replace(plan, output="/proc/nothing"), "run")
    assert str(caught.value).startswith("the output folder /proc/nothing cannot be made: ")


def test_what_dead_runs_left_is_removed_and_nothing_else(tmp_path: Path, plan: Plan) -> None:
    with jobs(plan):
        pass
    folder = tmp_path / "deep" / "out" / ".procession"
    for name in ("r1.aa.part", "r2.cc.part", "mine.txt"):
        (folder / name).touch()
    output = OpenOutput(plan, "r3")
    assert below(folder) == {"journal.jsonl", "lock", "mine.txt"}
    for name in ("r3.dd.part", "r4.ee.part"):
        (folder / name).touch()
    output.close()
    assert below(folder) == {"journal.jsonl", "lock", "mine.txt", "r4.ee.part"}, "its own only"


def test_temporaries_are_removed_from_a_folder_that_was_moved(tmp_path: Path, plan: Plan) -> None:
    output = OpenOutput(plan, "r1")
    (tmp_path / "deep" / "out" / ".procession" / "r1.aa.part").touch()
    (tmp_path / "deep" / "out").rename(tmp_path / "elsewhere")
    output.close()
    assert below(tmp_path / "elsewhere" / ".procession") == {"journal.jsonl", "lock"}
    assert not (tmp_path / "deep" / "out").exists()


def modes(folder: Path) -> dict[str, int]:
    return {
        str(path.relative_to(folder)): stat.S_IMODE(path.lstat().st_mode)
        for path in (folder, *folder.rglob("*"))
    }


def test_a_folder_is_no_more_open_than_the_one_that_it_mirrors(tmp_path: Path, plan: Plan) -> None:
    (tmp_path / "s").chmod(0o750)
    (tmp_path / "s" / "inner").chmod(0o700)
    OpenOutput(plan, "run").close()
    assert modes(tmp_path / "deep") == {
        ".": 0o750,
        "out": 0o750,
        "out/inner": 0o700,
        "out/.procession": 0o700,
        "out/.procession/journal.jsonl": 0o600,
        "out/.procession/lock": 0o600,
    }


def test_a_folder_that_is_there_keeps_its_permissions(tmp_path: Path, plan: Plan) -> None:
    (tmp_path / "s").chmod(0o700)
    (tmp_path / "deep" / "out").mkdir(parents=True)
    (tmp_path / "deep" / "out").chmod(0o755)
    OpenOutput(plan, "run").close()
    assert modes(tmp_path / "deep")["out"] == 0o755


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give folders to another group")
def test_in_a_group_s_folder_the_group_may_go_on(tmp_path: Path, plan: Plan) -> None:
    out = tmp_path / "deep" / "out"
    out.mkdir(parents=True)
    os.chown(out, -1, 100)
    out.chmod(0o2775)
    OpenOutput(plan, "run").close()
    for name, mode in ((".procession", 0o2770), (".procession/lock", 0o660)):
        status = (out / name).stat()
        assert (status.st_gid, stat.S_IMODE(status.st_mode)) == (100, mode)
    assert modes(out)[".procession/journal.jsonl"] == 0o660
    assert (out / "inner").stat().st_gid == 100
