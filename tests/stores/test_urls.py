from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_app.stores.errors import StoreError, reason_of, refuse
from tui_app.stores.urls import is_url, located

SECRET = "PLANTED-secret"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("s3://bucket/photos/", "s3://bucket/photos"),
        ("S3://bucket", "s3://bucket"),
        ("s3://bucket/[x].jpg", "s3://bucket/[x].jpg"),
        ("s3://bucket/a b?c#d%20.jpg", "s3://bucket/a b?c#d%20.jpg"),
        ("sftp://ann@host/photos", "sftp://ann@host/photos"),
        ("file:///photos/a.jpg", "/photos/a.jpg"),
    ],
)
def test_a_url_is_written_in_one_way(typed: str, meant: str) -> None:
    assert located(typed) == meant
    assert located(meant) == meant


@pytest.mark.parametrize("path", ["a.jpg", "s3:/bucket", "://x", "c:\\photos", "1://x", "-"])
def test_a_path_is_no_url(path: str, here: Path) -> None:
    assert not is_url(path)
    assert located(path) == str(here / path)


@pytest.mark.parametrize(
    "url",
    [
        f"s3://key:{SECRET}@bucket/photos",
        f"s3://{SECRET}@bucket",
        f"https://{SECRET}@host/a.jpg",
        f"https://host/a.jpg?token={SECRET}",
        f"sftp://ann:{SECRET}@host/photos",
        "s3://",
        "s3:///photos",
        "s3://bucket/../other",
        "s3://bucket/a//b",
        "zip://a.zip/s3://bucket/b",
    ],
)
def test_a_secret_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(StoreError) as raised:
        located(url)
    assert SECRET not in str(raised.value)


@given(st.text(max_size=30), st.sampled_from([OSError, ValueError, TimeoutError, PermissionError]))
def test_a_library_s_text_is_never_shown(text: str, kind: type[Exception]) -> None:
    error = kind(f"http://u:{SECRET}@host {text}")
    assert SECRET not in reason_of(error)
    with pytest.raises(StoreError) as raised:
        refuse("s3://bucket", error)
    assert SECRET not in str(raised.value)
    assert raised.value.__cause__ is None
    assert raised.value.__suppress_context__
