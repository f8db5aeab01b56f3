import os
import stat

import pytest

from tui_app.files.trust import is_believed, is_ours

ME, OWNER, STRANGER = os.geteuid(), 4242, 65534
TEAM = 100


def status(
    mode: int, owner: int, group: int = 7, *, kind: int = stat.S_IFREG, links: int = 1
) -> os.stat_result:
    return os.stat_result((kind | mode, 1, 1, links, owner, group, 0, 0, 0, 0))


def folder(mode: int = 0o755, group: int = 7) -> os.stat_result:
    return status(mode, OWNER, group, kind=stat.S_IFDIR)


@pytest.mark.parametrize(
    ("owner", "group", "root", "ours"),
    [
        (ME, 7, folder(), True),
        (OWNER, 7, folder(), True),
        (STRANGER, 7, folder(), False),
        (STRANGER, 7, folder(0o777), False),
        # In a group's folder, what has the group was made by one of it.
        (STRANGER, TEAM, folder(0o2775, TEAM), True),
        (STRANGER, TEAM, folder(0o2755, TEAM), False),
        (STRANGER, 7, folder(0o2775, TEAM), False),
    ],
)
def test_whose_it_is(owner: int, group: int, root: os.stat_result, ours: bool) -> None:
    assert is_ours(status(0o600, owner, group), root, ME) is ours


@pytest.mark.parametrize(
    ("file", "root", "believed"),
    [
        (status(0o600, ME), folder(), True),
        (status(0o644, OWNER), folder(), True),
        (status(0o600, STRANGER), folder(), False),
        (status(0o666, ME), folder(), False),
        # Whoever can write to the folder could do as much harm there.
        (status(0o777, OWNER), folder(0o777), True),
        (status(0o664, ME), folder(0o775), True),
        (status(0o664, ME, 8), folder(0o775), False),
        (status(0o664, ME), folder(), False),
        (status(0o660, STRANGER, TEAM), folder(0o2775, TEAM), True),
        # A second name may be somebody's file; a link leads anywhere.
        (status(0o600, ME, links=2), folder(), False),
        (status(0o777, ME, kind=stat.S_IFLNK), folder(0o777), False),
        (status(0o600, ME, kind=stat.S_IFIFO), folder(), False),
        (status(0o700, ME, kind=stat.S_IFDIR), folder(), False),
    ],
)
def test_what_is_believed(file: os.stat_result, root: os.stat_result, believed: bool) -> None:
    assert is_believed(file, root, ME) is believed
