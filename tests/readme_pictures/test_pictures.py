"""The README's pictures are made of runs that are kept, all of them by one command."""

import re
from pathlib import Path

from tests.readme_pictures.__main__ import PICTURES, RUNS, SWEEP
from tui_app.records.reader import RecordFile

ROOT = Path(__file__).parents[2]


def test_each_picture_of_the_readme_is_made_by_the_command_and_no_other() -> None:
    shown = re.findall(
        r"!\[[^]]+\]\(assets/screenshots/(\w+)\.svg\)", (ROOT / "README.md").read_text()
    )
    made = [picture.name for picture in (*RUNS, SWEEP)]
    assert sorted(shown) == sorted(made)
    assert sorted(file.stem for file in PICTURES.iterdir()) == sorted(made)


def test_each_recorded_run_can_be_read() -> None:
    for picture in (*RUNS, SWEEP):
        with RecordFile.open(picture.record) as record:
            assert record.outcome is not None
            assert len(list(record.events())) > 10
