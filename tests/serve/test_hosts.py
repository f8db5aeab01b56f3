"""By which names a server may be asked."""

import socket

import pytest

from tui_app.serve.hosts import is_loopback, names, with_port


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "::1", "localhost"])
def test_a_loopback_address_is_known_by_all_names_of_this_machine_s_own(host: str) -> None:
    assert is_loopback(host)
    found = names(host)
    assert found[0] == host
    assert {"127.0.0.1", "localhost", "::1"} <= set(found)


@pytest.mark.parametrize("host", ["192.0.2.7", "class.example"])
def test_another_address_is_its_only_name(host: str) -> None:
    assert not is_loopback(host)
    assert names(host) == [host]


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_everywhere_has_the_names_and_addresses_of_this_machine(host: str) -> None:
    assert not is_loopback(host)
    found = names(host)
    assert {"127.0.0.1", "localhost"} <= set(found)
    own = socket.gethostname()
    assert own in found or own == "localhost"
    assert host not in found


def test_an_address_of_version_6_stands_in_brackets() -> None:
    assert with_port("::1", 8000) == "[::1]:8000"
    assert with_port("class.example", 80) == "class.example"
