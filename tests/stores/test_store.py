import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.stores.memory import clear_memory
from tui_app.stores.errors import StoreError, TakenError
from tui_app.stores.opening import promises, store_of
from tui_app.stores.store import RenamingStore, Store

# A memory store reads a URL within a name as one, and has no name with a slash at an end.
PARTS = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="/:"), min_size=1, max_size=12
).filter(lambda part: part not in (".", ".."))


@pytest.mark.usefixtures("memory")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(PARTS, min_size=1, max_size=3).map("/".join), st.binary(max_size=50))
def test_a_name_is_data(name: str, data: bytes) -> None:
    clear_memory()
    store, top = store_of(f"memory://top/{name}")
    assert top == name
    stamp = store.write(name, data)
    assert store.read(name) == data
    assert store.read_all([name]) == [data]
    assert store.read_all([name], 3) == [data[:3]]
    found = {entry.name: entry.stamp for entry in store.entries("", recursive=True)[0]}
    assert found == {name: stamp}
    store.remove(name)
    store.remove(name)
    assert store.entry(name) is None


@pytest.mark.usefixtures("memory")
def test_nothing_is_replaced_unseen() -> None:
    store, _name = store_of("memory://photos")
    first = store.write_new("a.jpg", b"one")
    assert store.write_new("a.jpg", b"one") == first
    with pytest.raises(TakenError):
        store.write_new("a.jpg", b"two")
    second = store.write_over("a.jpg", b"two", first)
    assert second != first
    with pytest.raises(TakenError):
        store.write_over("a.jpg", b"three", first)
    assert store.read("a.jpg") == b"two"


@pytest.mark.usefixtures("memory")
def test_a_folder_is_listed_by_its_own_names() -> None:
    store, _name = store_of("memory://photos")
    for name in ("in/a.jpg", "in/deep/b.jpg", "in/deep/c.jpg", "inside.jpg"):
        store.write(name, b"")
    entries, below = store.entries("in", recursive=False)
    assert ([entry.name for entry in entries], below) == (["a.jpg"], 1)
    entries, _below = store.entries("in", recursive=True)
    assert sorted(entry.name for entry in entries) == ["a.jpg", "deep/b.jpg", "deep/c.jpg"]
    assert store.entries("nothing", recursive=True) == ([], 0)


def test_what_is_not_known_is_refused_in_a_sentence() -> None:
    with pytest.raises(StoreError, match="nowhere:// is no store"):
        store_of("nowhere://x")


def test_a_library_that_threads_cannot_share_is_opened_by_each(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made: list[int] = []

    def opened(url: str) -> tuple[Store, bool]:
        made.append(threading.get_ident())
        return Store(url, System(), "x"), False

    monkeypatch.setattr("tui_app.stores.opening._opened", opened)
    barrier = threading.Barrier(3)

    def use(_number: int) -> tuple[Store, Store]:
        barrier.wait(10)
        return store_of("own://x")[0], store_of("own://x")[0]

    with ThreadPoolExecutor(3) as pool:
        pairs = list(pool.map(use, range(3)))
    assert len(made) == len({id(one) for one, _again in pairs}) == 3
    assert all(one is again for one, again in pairs)


@pytest.mark.usefixtures("memory")
def test_where_files_are_renamed_a_name_never_shows_half(monkeypatch: pytest.MonkeyPatch) -> None:
    system = store_of("memory://photos")[0]._system
    store = RenamingStore("memory://photos", system, "/photos")
    store.write("a.jpg", b"before")
    seen: list[bytes] = []
    real = system.pipe_file

    def torn(path: str, data: bytes) -> None:
        real(path, data[:2])
        seen.append(store.read("a.jpg"))
        raise OSError("PLANTED")

    with monkeypatch.context() as patched:
        patched.setattr(system, "pipe_file", torn)
        with pytest.raises(StoreError, match="it failed"):
            store.write("a.jpg", b"after")
    assert (seen, store.read("a.jpg")) == ([b"before"], b"before")
    store.write("a.jpg", b"after")
    real("/photos/.0123456789abcdef.part", b"of one that was killed")
    store.tidy("")
    assert [(e.name, store.read(e.name)) for e in store.entries("", recursive=True)[0]] == [
        ("a.jpg", b"after")
    ]


class System:
    """A file system that is asked nothing."""

    def _strip_protocol(self, url: str) -> str:
        return url


def test_each_kind_of_store_says_what_it_promises() -> None:
    said = [promises(f"{scheme}://x") for scheme in ("s3", "sftp", "gs")]
    assert ["nothing unseen" in sentence for sentence in said] == [True, False, False]
    assert ["last writer wins" in sentence for sentence in said] == [False, True, True]
