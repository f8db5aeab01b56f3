"""Numbers in plain words."""


def counted(number: int, noun: str) -> str:
    """Return a number of things, such as `1 image` or `1,204 images`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def in_bytes(count: float) -> str:
    """Return a number of bytes, such as `3.21 MB`."""
    for unit in ("bytes", "kB", "MB", "GB"):
        if count < 1000:
            return f"{count:.0f} {unit}" if unit == "bytes" else f"{count:.3g} {unit}"
        count /= 1000
    return f"{count:,.3g} TB"
