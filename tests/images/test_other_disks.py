"""Disks without owners or modes of their own: FAT, SMB, NFS; here by stand-ins (bindfs)."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.images.factories import TUTORIAL, picture
from tui_app.images.output.folder import OpenOutput
from tui_app.images.pipeline import process_image
from tui_app.images.plan import Plan, Standing
from tui_app.images.planner import make_plan

pytestmark = pytest.mark.skipif(
    os.geteuid() != 0 or shutil.which("bindfs") is None, reason="needs root, and bindfs"
)

NO_OWNERS = ["--force-user=nobody", "-p", "0777", "--chmod-ignore", "--chown-ignore"]
"""As a FAT disk, or an SMB one, with `uid=nobody,umask=0`: whoever makes a file, it is nobody's."""

ROOT_IS_NOBODY = ["--create-for-user=nobody", "--create-for-group=nogroup", "--chown-ignore"]
"""As NFS by `root_squash`."""

SAID = "this disk knows no owners: others who use it can change what counts as done"


@pytest.fixture
def disk(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    for name in ("behind", "disk"):
        (tmp_path / name).mkdir()
    command = ["bindfs", *request.param, tmp_path / "behind", tmp_path / "disk"]
    if subprocess.run(command, capture_output=True).returncode:
        pytest.skip("nothing may be mounted here")
    yield tmp_path / "disk"
    subprocess.run(["umount", "-l", tmp_path / "disk"], check=True)


def run(folder: Path) -> tuple[Plan, tuple[str, ...]]:
    """What stands there when a run has begun, and its notes; all is done at its end."""
    plan = make_plan([str(folder / "in")], TUTORIAL, output=str(folder / "out"))
    output = OpenOutput(plan, "run")
    for item, job in output.jobs():
        if output.plan.is_todo(item):
            process_image(job, lambda step, fraction: None)
    output.close()
    return output.plan, output.notes


def put(folder: Path) -> None:
    (folder / "in").mkdir()
    for name in ("a.jpg", "b.jpg"):
        picture().save(folder / "in" / name)


@pytest.mark.parametrize("disk", [NO_OWNERS], indirect=True)
def test_where_all_files_are_anybody_s_a_run_goes_on_and_it_is_said(disk: Path) -> None:
    put(disk)
    assert run(disk)[1] == (SAID,)
    plan, notes = run(disk)
    assert {item.standing for item in plan.items} == {Standing.DONE}
    assert notes == (SAID,)


@pytest.mark.parametrize("disk", [ROOT_IS_NOBODY], indirect=True)
def test_where_root_is_nobody_a_run_goes_on(disk: Path) -> None:
    put(disk)
    (disk.parent / "behind" / "out").mkdir()
    os.chown(disk.parent / "behind" / "out", 1000, 1000)
    (disk.parent / "behind" / "out").chmod(0o777)
    run(disk)
    assert (disk / "out" / ".procession").stat().st_uid == 65534
    plan, notes = run(disk)
    assert {item.standing for item in plan.items} == {Standing.DONE}
    assert notes == ()
    assert sorted(path.name for path in (disk / "out").iterdir()) == [
        ".procession",
        "a.jpg",
        "b.jpg",
    ]
