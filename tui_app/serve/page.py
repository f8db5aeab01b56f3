"""The page that a browser is given, and the sentences of those that are refused."""

from __future__ import annotations

from html import escape

from tui_app import language
from tui_app.language import N_, _

REFUSED = N_("This address is not complete or not right: take the one that the server has printed.")
FOREIGN = N_("This server is asked by a name, or from a page, that it does not know.")

HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""The address holds the token: it goes to no other site, and into no cache."""

_STYLE = """
@font-face { font-family: "Roboto Mono"; src: url(/static/fonts/RobotoMono-VariableFont_wght.ttf); }
html, body { margin: 0; height: 100%; background: #101418; color: #e6e6e6; }
body { font: 1rem/1.5 "Roboto Mono", monospace; }
#terminal { height: 100vh; }
#said { display: none; position: fixed; inset: 0; z-index: 9; background: #101418ee; }
#said, main { align-items: center; justify-content: center; flex-direction: column; gap: 1rem; }
main { display: flex; min-height: 100vh; padding: 0 2rem; text-align: center; }
body.-closed #said { display: flex; }
a { color: #7cc7ff; }
"""


FOCUS = """\
addEventListener("load", () => {
  const look = setInterval(() => {
    const keys = document.querySelector(".xterm-helper-textarea");
    if (keys && document.body.classList.contains("-loaded")) { clearInterval(look); keys.focus(); }
  }, 50);
});
"""
"""Gives the terminal the keys as soon as it is connected; xterm.js waits for a click."""


def terminal_page(host: str, token: str) -> str:
    """Return the page with the terminal.

    Args:
        host: name and port by which the browser asks.
        token: what it has to show.
    """
    ended, again = escape(_("The session has ended.")), escape(_("Start again"))
    socket = escape(f"ws://{host}/{token}/ws", quote=True)
    return _page(
        f"""
<link rel="stylesheet" href="/static/css/xterm.css">
<script src="/static/js/textual.js"></script>
<script src="/focus.js"></script>
<div id="terminal" class="textual-terminal" data-font-size="16"
     data-session-websocket-url="{socket}"></div>
<div id="said" role="status"><p>{ended}</p>
<a href="/{escape(token, quote=True)}/">{again}</a></div>"""
    )


def sentence_page(sentence: str) -> str:
    """Return a page that says one sentence."""
    return _page(f"\n<main><p>{escape(sentence)}</p></main>")


def policy(host: str = "") -> str:
    """Return what a page may load: its own files, and where it has a terminal, its connection."""
    terminal = f" script-src 'self'; img-src 'self' data:; connect-src ws://{host};" if host else ""
    return (
        f"default-src 'none';{terminal} font-src 'self'; style-src 'self' 'unsafe-inline';"
        " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


def _page(body: str) -> str:
    return (
        f'<!doctype html>\n<html lang="{language.present()}">\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<link rel="icon" href="data:,">\n'
        f"<title>procession</title>\n<style>{_STYLE}</style>{body}\n</html>\n"
    )
