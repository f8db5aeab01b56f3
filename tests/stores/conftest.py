from collections.abc import Iterator

import pytest

from tests.stores.memory import clear_memory


@pytest.fixture
def memory() -> Iterator[None]:
    """The store of this process is empty again in the end."""
    yield
    clear_memory()
