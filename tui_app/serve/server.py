"""The server: checks who asks, and joins each page to a session of its own."""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from importlib.resources import files

from aiohttp import WSMsgType, web

from tui_app.language import _, counted
from tui_app.serve import hosts
from tui_app.serve.offer import Offer
from tui_app.serve.page import (
    FOCUS,
    FOREIGN,
    HEADERS,
    REFUSED,
    policy,
    sentence_page,
    terminal_page,
)
from tui_app.serve.session import Session

HEARTBEAT = 10.0
"""Seconds between two questions whether a page is still there, for one that went without a word."""

LARGEST_MESSAGE = 1 << 16
"""Bytes of what a page may send at once."""

CLOSING_SECONDS = 1.0
"""Seconds that connections have to end when the server does."""


class Server:
    """Serves the app until it is closed."""

    def __init__(self, offer: Offer) -> None:
        self._offer = offer
        self._hosts: frozenset[str] = frozenset()
        self._pages: set[web.WebSocketResponse] = set()
        """The pages that have a session."""
        self._ends: set[asyncio.Future[None]] = set()
        """The ends of sessions whose pages have gone."""
        application = web.Application()
        application.router.add_get("/static/{path:.*}", _static)
        application.router.add_get("/focus.js", _focus)
        application.router.add_get("/{token}/", self._page)
        application.router.add_get("/{token}/ws", self._connection)
        application.router.add_route("*", "/{rest:.*}", self._refuse)
        self._runner = web.AppRunner(
            application, access_log=None, handle_signals=False, shutdown_timeout=CLOSING_SECONDS
        )

    async def open(self) -> str:
        """Begin to serve, and return the address.

        Raises:
            OSError: It cannot listen there.
        """
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._offer.host, self._offer.port)
        await site.start()
        port: int = self._runner.addresses[0][1]
        names = [hosts.with_port(name, port) for name in hosts.names(self._offer.host)]
        self._hosts = frozenset(name.lower() for name in names)
        return f"http://{names[0]}/{self._offer.token}/"

    async def close(self) -> None:
        """Serve no more; all sessions end."""
        for page in list(self._pages):
            with suppress(ConnectionError):
                await page.close()
        await self._runner.cleanup()
        await asyncio.gather(*self._ends)

    # Who asks

    def _why_refused(self, request: web.Request) -> str:
        """Return why a request is refused, in a sentence; nothing where it is right."""
        host, origin = request.host.lower(), request.headers.get("Origin")
        if host not in self._hosts or origin not in (None, f"http://{host}"):
            return _(FOREIGN)
        token = request.match_info.get("token", "").encode("utf-8", "surrogateescape")
        return "" if hmac.compare_digest(token, self._offer.token.encode()) else _(REFUSED)

    @property
    def _why_full(self) -> str:
        if len(self._pages) < self._offer.sessions:
            return ""
        return counted(
            self._offer.sessions,
            "The only session is taken: try again later.",
            "All {n} sessions are taken: try again later.",
        )

    async def _refuse(self, request: web.Request) -> web.Response:
        return _said(403, self._why_refused(request) or _(REFUSED))

    # What they get

    async def _page(self, request: web.Request) -> web.Response:
        if why := self._why_refused(request):
            return _said(403, why)
        if why := self._why_full:
            return _said(503, why)
        return _html(200, terminal_page(request.host, self._offer.token), request.host)

    async def _connection(self, request: web.Request) -> web.StreamResponse:
        if why := self._why_refused(request):
            return _said(403, why)
        if "Origin" not in request.headers:
            return _said(403, _(FOREIGN))  # every browser tells it, so that it can be checked
        if why := self._why_full:
            return _said(503, why)
        page = web.WebSocketResponse(heartbeat=HEARTBEAT, max_msg_size=LARGEST_MESSAGE)
        self._pages.add(page)
        try:
            await page.prepare(request)
            await self._hold_session(page, request.query)
        finally:
            self._pages.discard(page)
        return page

    async def _hold_session(self, page: web.WebSocketResponse, size: Mapping[str, str]) -> None:
        session = Session(self._offer.environment, apart=self._offer.only_demos, size=size)
        try:
            await _talk(page, session)
        finally:
            # A task of its own: it goes on where this one is cancelled, as the server stops, and
            # who reloads the page need not wait for it.
            end = asyncio.ensure_future(session.end())
            self._ends.add(end)
            end.add_done_callback(self._ends.discard)


async def _talk(page: web.WebSocketResponse, session: Session) -> None:
    """Hand keys to the app, and what it draws to the page, until one of both has gone."""
    drawing = asyncio.ensure_future(_draw(page, session))
    try:
        async for message in page:
            if message.type is WSMsgType.TEXT:
                await _take(page, session, message.data)
    finally:
        drawing.cancel()
        with suppress(asyncio.CancelledError, ConnectionError):
            await drawing


async def _draw(page: web.WebSocketResponse, session: Session) -> None:
    # A slow page holds nobody back but its own app, which knows what to do then.
    while drawn := await session.read():
        await page.send_bytes(drawn)
    await page.close()


async def _take(page: web.WebSocketResponse, session: Session, text: str) -> None:
    """Do what the page's terminal asks for. What is not understood is left out."""
    try:
        kind, *rest = json.loads(text)
    except (ValueError, TypeError, RecursionError):
        return
    match kind, rest:
        case "stdin", [str(keys)]:
            await session.write(keys)
        case "resize", [dict(size)]:
            session.resize(size)
        case "ping", [value]:
            await page.send_str(json.dumps(["pong", value]))


async def _static(request: web.Request) -> web.StreamResponse:
    """Serve a file of the page's terminal; a path that leads out of its folder is refused."""
    root = files("textual_serve") / "static"
    parts = request.match_info["path"].split("/")
    if any(part in ("", ".", "..") or "\\" in part or "\0" in part for part in parts):
        return _said(403, _(REFUSED))
    file = root.joinpath(*parts)
    if not file.is_file():
        return _said(404, _(REFUSED))
    kind = _KINDS.get(parts[-1].rpartition(".")[2], "application/octet-stream")
    return web.Response(body=await asyncio.to_thread(file.read_bytes), content_type=kind)


async def _focus(_request: web.Request) -> web.Response:
    return web.Response(text=FOCUS, content_type=_KINDS["js"])


_KINDS: Mapping[str, str] = {
    "js": "text/javascript",
    "css": "text/css",
    "ttf": "font/ttf",
    "png": "image/png",
}


def _said(status: int, sentence: str) -> web.Response:
    return _html(status, sentence_page(sentence), "")


def _html(status: int, text: str, host: str) -> web.Response:
    headers = {**HEADERS, "Content-Security-Policy": policy(host)}
    return web.Response(status=status, text=text, content_type="text/html", headers=headers)


async def serve(offer: Offer, told: Callable[[str], None], stop: asyncio.Event) -> None:
    """Serve until `stop` is set.

    Args:
        offer: what is served.
        told: is called with the address as soon as it can be opened.
        stop: ends it.

    Raises:
        OSError: It cannot listen where it should.
    """
    server = Server(offer)
    try:
        told(await server.open())
        await stop.wait()
    finally:
        await server.close()
