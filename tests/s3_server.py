"""A stand-in for S3 on loopback, in a process of its own: moto's, with faults on request.

s3fs tries again what fails by 500 or 503, and nobody notices; so these faults are refusals.
"""

import importlib
import json
import os
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

BUCKET = "bucket"
KEY, SECRET = "stand-in-key", "stand-in-SECRET-of-nobody"
FAULTS, CALLS = "/stand-in/faults", "/stand-in/calls"

_REFUSED = b"<Error><Code>AccessDenied</Code><Message>no</Message></Error>"


class Faulty:
    """moto's application, between us and it what fails, and a list of what was asked."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self._lock = threading.Lock()
        self._faults: dict[str, Any] = {}
        self._count = self._written = 0
        self._running = False
        self._calls: list[str] = []

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        path, method = environ["PATH_INFO"], environ["REQUEST_METHOD"]
        if path == FAULTS:
            data = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            with self._lock:
                self._faults, self._count, self._written = json.loads(data), 0, 0
                self._running = False
            return self._answer(start, b"")
        if path == CALLS:
            with self._lock:
                told, self._calls = json.dumps(self._calls).encode(), []
            return self._answer(start, told)
        with self._lock:
            refused = self._refuses(method, path)
            self._calls.append(f"{'refused ' if refused else ''}{method} {path}")
        time.sleep(float(self._faults.get("slow", 0)))
        if refused:
            # The body is read, as a server does: else the client sees a torn connection.
            environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            return self._answer(start, _REFUSED, HTTPStatus.FORBIDDEN)
        answer: Iterable[bytes] = self._app(environ, start)
        return answer

    def _refuses(self, method: str, path: str) -> bool:
        # From the first line of the journal on: the plan is made by then.
        self._running |= method == "PUT" and "/journal/" in path
        self._count += self._running
        if every := self._faults.get("every"):
            return self._running and self._count % int(every) == 0
        if method == "PUT" and (after := self._faults.get("writes")) is not None:
            self._written += 1
            return self._written > int(after)
        return False

    @staticmethod
    def _answer(start: Any, data: bytes, status: HTTPStatus = HTTPStatus.OK) -> Iterable[bytes]:
        start(f"{status.value} {status.phrase}", [("Content-Length", str(len(data)))])
        return [data]


@dataclass(frozen=True, slots=True)
class Server:
    """A stand-in that is up.

    Attributes:
        env: What a process needs to use it, and nothing of a person's own.
    """

    address: str

    @property
    def env(self) -> dict[str, str]:
        return {
            "AWS_ACCESS_KEY_ID": KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_ENDPOINT_URL": self.address,
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def faults(self, **faults: float) -> None:
        """Refuse each `every`th call of a run, or all but `writes`; take `slow` s for a call."""
        self._post(FAULTS, json.dumps(faults).encode())

    def calls(self) -> list[str]:
        """What was asked since the last time, such as `PUT /bucket/name`."""
        return list(json.loads(self._post(CALLS, b"")))

    def _post(self, path: str, data: bytes) -> bytes:
        request = urllib.request.Request(self.address + path, data=data, method="POST")
        with urllib.request.urlopen(request, timeout=60) as answer:
            return bytes(answer.read())


@contextmanager
def s3_server() -> Iterator[Server]:
    """A server with an empty bucket; it is killed in the end."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.s3_server"],
        env={**os.environ, "AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": SECRET},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdout is not None
    try:
        yield Server(process.stdout.readline().decode().strip())
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def _serve() -> None:
    from werkzeug.serving import make_server

    # moto does not tell type checkers what it exports.
    moto = importlib.import_module("moto.server")
    app = Faulty(moto.DomainDispatcherApplication(moto.create_backend_app))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}"
    made = urllib.request.Request(f"{address}/{BUCKET}", method="PUT")
    made.add_header(
        "Authorization", "AWS4-HMAC-SHA256 Credential=k/20260101/us-east-1/s3/aws4_request"
    )
    urllib.request.urlopen(made, timeout=60).close()
    print(address, flush=True)
    sys.stdout.close()
    threading.Event().wait()


if __name__ == "__main__":
    _serve()
