"""File names that a terminal, a shell, a report or a person could be misled by."""

import os

HOSTILE_NAMES = tuple(
    os.fsdecode(name)
    for name in (
        b"[red]x[_]y.jpg",
        b"[@click=app.quit]quit[b].jpg",
        b"two\nlines.jpg",
        b"back\rover\x08.jpg",
        b"\x1b[31mred\x1b]0;title\x07.jpg",
        b"c1\xc2\x9b31m.jpg",
        b"latin\xe9.jpg",
        "\u202egpj.exe.jpg".encode(),
        "no\u200bthing\ufeff.jpg".encode(),
        "cafe\u0301.jpg".encode(),
        "\N{FAMILY}\U0001f3fd.jpg".encode(),
        b" .jpg",
        b"-o.jpg",
        b"=1+1.jpg",
        b"'; rm -rf x;\".jpg",
        b"%s{0}$(id).jpg",
        b"n" * 251 + b".jpg",
    )
)
