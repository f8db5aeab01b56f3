"""Rows as CSV or JSON, one at a time: the text of 100,000 need not stand in memory."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, BinaryIO, TextIO


@contextmanager
def as_text(file: BinaryIO) -> Iterator[TextIO]:
    """Write text in UTF-8 into an open file; names that are no UTF-8 become what they are on disk.

    The file stays open.
    """
    text = io.TextIOWrapper(file, "utf-8", "surrogateescape", newline="")
    yield text
    text.flush()
    text.detach()


def put_csv(columns: Sequence[str], rows: Iterable[Mapping[str, Any]], file: TextIO) -> None:
    """Write rows as CSV, below their columns."""
    writer = csv.DictWriter(file, columns)
    writer.writeheader()
    writer.writerows(rows)


def put_json(rows: Iterable[Mapping[str, Any]], file: TextIO) -> None:
    """Write rows as a JSON array of objects."""
    between = "[\n"
    for row in rows:
        file.write(between + json.dumps(row, indent=1))
        between = ",\n"
    file.write("\n]\n" if between == ",\n" else "[]\n")
