"""The server refuses whom it does not know, and a session's processes end with its page."""

import asyncio
import html
import os
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import psutil
import pytest

from tests.commands import PATIENCE
from tui_app.serve.offer import Offer
from tui_app.serve.server import Server
from tui_app.system import guest

TOKEN = "token-of-the-tests"


@asynccontextmanager
async def served(
    sessions: int = 2, *, only_demos: bool = False
) -> AsyncIterator[tuple[str, aiohttp.ClientSession]]:
    """A server, its root without a slash, and a client."""
    offer = Offer("127.0.0.1", 0, TOKEN, sessions, workers=4, only_demos=only_demos)
    server = Server(offer)
    address = await server.open()
    assert address.endswith(f"/{TOKEN}/")
    try:
        async with aiohttp.ClientSession() as client:
            yield address.removesuffix(f"/{TOKEN}/"), client
    finally:
        await server.close()


def processes() -> list[psutil.Process]:
    """Those of all sessions."""
    found = []
    for process in psutil.process_iter():
        try:
            if (
                guest.SESSION in process.environ()
                and process.environ().get("PROCESSION_TEST_SERVER") == str(os.getpid())
                and process.status() != psutil.STATUS_ZOMBIE
            ):
                found.append(process)
        except psutil.Error:
            continue
    return found


async def none_left() -> bool:
    deadline = time.monotonic() + PATIENCE
    while processes() and time.monotonic() < deadline:
        await asyncio.sleep(0.05)
    return not processes()


@pytest.fixture(autouse=True)
def _marked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PROCESSION_TEST_SERVER", str(os.getpid()))
    monkeypatch.chdir(tmp_path)


def sentence(text: str) -> str:
    """What a page says."""
    (found,) = re.findall(r"<p>(.*?)</p>", text)
    return html.unescape(found)


async def drawn(socket: aiohttp.ClientWebSocketResponse, wanted: str) -> str:
    """What the app has written until something stands there."""
    text = ""
    async with asyncio.timeout(PATIENCE):
        while wanted not in text:
            message = await socket.receive()
            if message.type is aiohttp.WSMsgType.BINARY:
                text += message.data.decode("utf-8", "replace")
            else:
                assert message.type is aiohttp.WSMsgType.TEXT, text[-500:]
    return text


async def test_a_wrong_or_missing_token_is_refused_with_a_sentence() -> None:
    async with served() as (root, client):
        for path in ("/", "/wrong/", f"/{TOKEN}x/", f"/{TOKEN[:-1]}/", "/wrong/ws", "/%00/", "/é/"):
            async with client.get(f"{root}{path}") as answer:
                assert answer.status == 403, path
                said = sentence(await answer.text())
                assert said.startswith("This address is not complete or not right"), path
        async with client.post(f"{root}/{TOKEN}/") as answer:
            assert answer.status == 403
        async with client.get(f"{root}/{TOKEN}/") as answer:
            assert answer.status == 200
            assert "no-store" in answer.headers["Cache-Control"]
            assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "evil.example", "Origin": "http://evil.example"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "https://127.0.0.1"},
    ],
    ids=str,
)
async def test_foreign_hosts_and_origins_are_refused_also_with_the_token(
    headers: dict[str, str],
) -> None:
    async with served() as (root, client):
        for path in (f"/{TOKEN}/", f"/{TOKEN}/ws"):
            async with client.get(f"{root}{path}", headers=headers) as answer:
                assert answer.status == 403
                assert "does not know" in sentence(await answer.text())
        with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
            await client.ws_connect(f"{root}/{TOKEN}/ws", headers=headers)
    assert processes() == []


async def test_a_connection_without_an_origin_is_refused() -> None:
    async with served() as (root, client):
        with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
            await client.ws_connect(f"{root}/{TOKEN}/ws")


async def test_the_terminal_s_files_are_there_and_no_others() -> None:
    async with served() as (root, client):
        for path in ("js/textual.js", "css/xterm.css", "fonts/RobotoMono-VariableFont_wght.ttf"):
            async with client.get(f"{root}/static/{path}") as answer:
                assert answer.status == 200, path
        for path in ("../server.py", "..%2fserver.py", "%2e%2e/server.py", "js/..%2f..%2fserver.py",
                     "/etc/passwd", "js", "", "js/none.js"):  # fmt: skip
            async with client.get(f"{root}/static/{path}") as answer:
                assert answer.status in (403, 404), path
                assert "class" not in await answer.text(), path


@pytest.mark.slow
async def test_a_session_plays_and_ends_with_its_page_and_the_next_but_one_is_refused() -> None:
    async with served(sessions=1) as (root, client):
        origin = {"Origin": root}
        at = f"{root}/{TOKEN}/ws?width=80&height=24"
        async with client.ws_connect(at, headers=origin) as socket:
            await drawn(socket, "Processes in procession")
            with pytest.raises(aiohttp.WSServerHandshakeError, match="503"):
                await client.ws_connect(at, headers=origin)
            async with client.get(f"{root}/{TOKEN}/") as answer:
                assert answer.status == 503
                assert sentence(await answer.text()).startswith("The only session is taken")
            await socket.send_str('["ping", 7]')
            for nonsense in (
                "",
                "x",
                "[]",
                "{}",
                '["resize", {"width": "a", "height": -1}]',
                "[1]",
            ):
                await socket.send_str(nonsense)
            await socket.send_str('["stdin", "d"]')
            await drawn(socket, "one-call")
            await socket.send_str('["stdin", "\\r"]')
            await drawn(socket, "sleep")
            assert processes()
        assert await none_left()
        async with client.ws_connect(at, headers=origin) as socket:
            await drawn(socket, "Processes in procession")
            await socket.send_str('["stdin", "q"]')
            async with asyncio.timeout(PATIENCE):
                while (await socket.receive()).type is not aiohttp.WSMsgType.CLOSE:
                    pass
        assert await none_left()


@pytest.mark.slow
async def test_all_sessions_end_with_the_server() -> None:
    async with served(only_demos=True) as (root, client):
        socket = await client.ws_connect(f"{root}/{TOKEN}/ws", headers={"Origin": root})
        text = await drawn(socket, "Quit")
        assert "Batch" not in text
        folders = {process.environ()["XDG_CONFIG_HOME"] for process in processes()}
        assert len(folders) == 1
    assert await none_left()
    assert not Path(folders.pop()).parent.exists()
    await socket.close()
