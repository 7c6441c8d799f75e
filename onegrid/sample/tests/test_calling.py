"""The simulated day's own HTTP client, against a server that misbehaves."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from onegrid.sample.actions import calling
from onegrid.sample.actions.calling import HttpApi


class Moody(BaseHTTPRequestHandler):
    """Drops the first request, answers the next ones."""

    protocol_version = "HTTP/1.1"
    keys: list[str | None] = []  # noqa: RUF012 - of the one test server
    bodies: list[bytes] = []  # noqa: RUF012

    def do_POST(self) -> None:
        self.keys.append(self.headers["Idempotency-Key"])
        self.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
        if len(self.keys) == 1:
            self.close_connection = True
            self.connection.close()
            return
        self.send_response(201)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", "12")
        self.end_headers()
        self.wfile.write(b'{"sha":"ab"}')

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def url(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr(calling, "_BETWEEN_TRIES_S", 0.01)
    Moody.keys.clear()
    Moody.bodies.clear()
    server = HTTPServer(("127.0.0.1", 0), Moody)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_lost_answer_is_asked_for_again_with_the_same_key(url: str) -> None:
    api = HttpApi(url)
    reply = api.call("POST", "/reports", token="x", body={"a": "样例"})
    api.close()
    assert (reply.status, reply.data) == (201, {"sha": "ab"})
    assert len(Moody.keys) == 2
    assert Moody.keys[0] == Moody.keys[1] is not None


def test_a_file_is_sent_as_a_form(url: str) -> None:
    api = HttpApi(url)
    assert api.call("POST", "/evidence", token="x", file=("a.jpg", b"\xff\xd8")).data == {"sha": "ab"}
    api.close()
    assert b'name="file"; filename="a.jpg"' in Moody.bodies[-1]
    assert b"\xff\xd8" in Moody.bodies[-1]


def test_a_server_that_stays_away_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calling, "_BETWEEN_TRIES_S", 0.0)
    with HTTPServer(("127.0.0.1", 0), Moody) as server:
        port = server.server_port
    reply = HttpApi(f"http://127.0.0.1:{port}").call("GET", "/health", token="x")
    assert reply.refused
    assert reply.status == 503
