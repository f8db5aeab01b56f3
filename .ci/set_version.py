"""Give the project a larger version: in pyproject.toml, and as a head in CHANGELOG.md.

python .ci/set_version.py VERSION
"""

import re
import sys
from datetime import UTC, date, datetime
from pathlib import Path

from packaging.version import InvalidVersion, Version

TOP = Path(__file__).parent.parent
VERSION = re.compile(r'^version = "(.+)"$', re.M)
UNRELEASED = re.compile(r"^## Unreleased\n(.*?)(?=^## |\Z)", re.M | re.S)


class RefusedError(Exception):
    """Why there can be no release, in one sentence."""


def project_with(version: str, project: str) -> str:
    """Return the text of pyproject.toml with that version; it must be larger than its own."""
    try:
        wanted = Version(version)
    except InvalidVersion:
        raise RefusedError(f"{version!r} is not a version.") from None
    if version != str(wanted) or wanted.local:
        raise RefusedError(f"Write the version {version!r} as {wanted.public!r}.")
    found = VERSION.search(project)
    if found is None:
        raise RefusedError("pyproject.toml has no version.")
    if wanted <= Version(found[1]):
        raise RefusedError(f"{version} is not larger than {found[1]}.")
    return VERSION.sub(f'version = "{version}"', project, count=1)


def changelog_with(version: str, day: date, changelog: str) -> str:
    """Return the text of CHANGELOG.md where that version's head stands over what was unreleased."""
    found = UNRELEASED.search(changelog)
    if found is None or not found[1].strip():
        raise RefusedError("CHANGELOG.md says nothing under `## Unreleased`.")
    head = f"## Unreleased\n\n## {version} ({day.isoformat()})\n"
    return changelog[: found.start()] + head + changelog[found.start(1) :]


def main() -> None:
    """Change both files, or neither."""
    if len(sys.argv) != 2:
        sys.exit("Name one version.")
    version = sys.argv[1]
    project, changelog = TOP / "pyproject.toml", TOP / "CHANGELOG.md"
    try:
        new_project = project_with(version, project.read_text("utf-8"))
        today = datetime.now(UTC).date()
        new_changelog = changelog_with(version, today, changelog.read_text("utf-8"))
    except RefusedError as refused:
        sys.exit(str(refused))
    project.write_text(new_project, "utf-8")
    changelog.write_text(new_changelog, "utf-8")


if __name__ == "__main__":
    main()
