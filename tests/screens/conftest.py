"""A machine and a home that are the same everywhere, for what is drawn of them."""

from collections import namedtuple
from dataclasses import replace
from pathlib import Path

import pytest
import tui_app.screens.compare
import tui_app.screens.demos
import tui_app.screens.home
from PIL import Image
from syrupy.assertion import SnapshotAssertion

import tui_app.runs.sweep.work
import tui_app.widgets.base.form_fields
import tui_app.widgets.settings_form
import tui_app.widgets.top_bar
from tests.screens.pictures import Pictures
from tui_app.engine.machine import StartMethod
from tui_app.engine.spec import Pool
from tui_app.images import samples
from tui_app.runs.phrases import count_cpus
from tui_app.settings import Settings

Memory = namedtuple("Memory", "total available")


@pytest.fixture(autouse=True)
def _same_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    def sentence(*_about: str) -> str:
        return f"{count_cpus(2)} · Python 3.13 · forkserver"

    monkeypatch.setattr(tui_app.widgets.top_bar, "machine_sentence", sentence)
    monkeypatch.setattr(tui_app.screens.home, "machine_sentence", sentence)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.setattr("psutil.virtual_memory", lambda: Memory(8e9, 8_000_000_000))
    monkeypatch.setattr(tui_app.widgets.base.form_fields, "usable_cpus", lambda: 2)
    monkeypatch.setattr(tui_app.widgets.settings_form, "usable_cpus", lambda: 2)
    monkeypatch.setattr(tui_app.widgets.settings_form, "default_fps", lambda: 10)
    monkeypatch.setattr(tui_app.screens.demos, "usable_cpus", lambda: 2)
    monkeypatch.setattr(tui_app.screens.compare, "usable_cpus", lambda: 2)
    monkeypatch.setattr(tui_app.runs.sweep.work, "usable_cpus", lambda: 2)


@pytest.fixture(autouse=True)
def _unasked(_own_home: None) -> None:
    """Demos are played at once; tests of the questions turn them on."""
    Settings(ask_before_demos=False).save()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder with an empty folder `photos` in it, which is the current one."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    photos = tmp_path / "photos"
    photos.mkdir()
    monkeypatch.chdir(photos)
    return tmp_path


@pytest.fixture
def photos(home: Path) -> Path:
    """Three good images, and a broken one, in `~/photos`."""
    folder = home / "photos"
    for number, size in enumerate(((640, 480), (320, 240), (160, 120)), 1):
        Image.new("RGB", size, "teal").save(folder / f"photo-{number}.jpg")
    (folder / "broken.jpg").write_bytes(b"no image")
    (folder / "notes.txt").write_text("other")
    return folder


@pytest.fixture
def small_samples(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Fewer and smaller samples than there are, for tests to draw; the folder they go to."""
    few = tuple(
        replace(sample, width=sample.width // 4, height=sample.height // 4)
        for sample in samples.SAMPLES[6:8]
    )
    monkeypatch.setattr(samples, "SAMPLES", few)
    return samples.samples_folder()


@pytest.fixture
def pool() -> Pool:
    """Two workers, wherever this runs."""
    return Pool(workers=2, start_method=StartMethod.FORKSERVER)


@pytest.fixture
def pictures(snapshot: SnapshotAssertion) -> Pictures:
    """The kept pictures, to compare an app with."""
    return Pictures(snapshot)
