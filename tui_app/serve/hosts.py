"""By which names a server may be asked, and the address that is printed.

A name that is not among them is refused: a page of another site could have had its own name lead to
this machine (DNS rebinding).
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator

from tui_app.serve.offer import LOCAL


def is_loopback(host: str) -> bool:
    """Tell whether only programs of this machine can reach a host's address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def names(host: str) -> list[str]:
    """Return the names and addresses that mean a server that listens at `host`, the best first."""
    if is_loopback(host):
        return list(dict.fromkeys([host, LOCAL, "localhost", "::1"]))
    try:
        everywhere = ipaddress.ip_address(host).is_unspecified
    except ValueError:
        everywhere = False
    if not everywhere:
        return [host]
    own = [name for name in (socket.gethostname(), socket.getfqdn()) if name != "localhost"]
    return list(dict.fromkeys([*_addresses(), *own, LOCAL, "localhost", "::1"]))


def _addresses() -> Iterator[str]:
    """Yield this machine's addresses that others can reach."""
    import psutil  # not needed where only this machine is served

    for ways in psutil.net_if_addrs().values():
        for way in ways:
            try:
                address = ipaddress.ip_address(way.address.partition("%")[0])
            except ValueError:
                continue
            if not (address.is_loopback or address.is_link_local):
                yield str(address)


def with_port(name: str, port: int) -> str:
    """Return a name and a port as they stand in an address and in the header `Host`."""
    shown = f"[{name}]" if ":" in name else name
    return shown if port == 80 else f"{shown}:{port}"
