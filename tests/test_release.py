"""The texts that `.ci/release` changes."""

import importlib.util
from datetime import date
from pathlib import Path

import pytest

TOP = Path(__file__).parent.parent
SPEC = importlib.util.spec_from_file_location("set_version", TOP / ".ci" / "set_version.py")
assert SPEC is not None
assert SPEC.loader is not None
set_version = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(set_version)

PROJECT = '[project]\nname = "p"\nversion = "1.2.0"\n\n[tool.x]\nversion = "9"\n'
CHANGELOG = "# Changelog\n\n## Unreleased\n\n- New.\n\n## 1.2.0 (2026-01-02)\n\n- Old.\n"
DAY = date(2026, 3, 4)


@pytest.mark.parametrize("version", ["1.2.1", "1.10.0", "2.0.0rc1"])
def test_a_larger_version_is_set(version: str) -> None:
    changed = set_version.project_with(version, PROJECT)
    assert changed == PROJECT.replace("1.2.0", version)


@pytest.mark.parametrize(
    ("version", "why"),
    [
        ("new", "'new' is not a version."),
        ("1.3-beta", "Write the version '1.3-beta' as '1.3b0'."),
        ("v1.3", "Write the version 'v1.3' as '1.3'."),
        ("1.3+here", "Write the version '1.3+here' as '1.3'."),
        ("1.2.0", "1.2.0 is not larger than 1.2.0."),
        ("1.2.0rc1", "1.2.0rc1 is not larger than 1.2.0."),
        ("0.9", "0.9 is not larger than 1.2.0."),
    ],
)
def test_any_other_version_is_refused(version: str, why: str) -> None:
    with pytest.raises(set_version.RefusedError) as refused:
        set_version.project_with(version, PROJECT)
    assert str(refused.value) == why


def test_what_was_unreleased_gets_a_head() -> None:
    assert set_version.changelog_with("1.3.0", DAY, CHANGELOG) == CHANGELOG.replace(
        "## Unreleased\n", "## Unreleased\n\n## 1.3.0 (2026-03-04)\n"
    )


@pytest.mark.parametrize(
    "changelog",
    [
        CHANGELOG.replace("- New.\n\n", ""),
        CHANGELOG.replace("## Unreleased\n\n- New.\n\n", ""),
        "# Changelog\n\n## Unreleased\n",
    ],
)
def test_without_a_change_there_is_no_release(changelog: str) -> None:
    with pytest.raises(set_version.RefusedError):
        set_version.changelog_with("1.3.0", DAY, changelog)


def test_the_project_s_own_texts_can_be_changed() -> None:
    project = (TOP / "pyproject.toml").read_text("utf-8")
    assert set_version.project_with("99.0", project).count('version = "99.0"') == 1
    changelog = (TOP / "CHANGELOG.md").read_text("utf-8")
    assert set_version.UNRELEASED.search(changelog)
