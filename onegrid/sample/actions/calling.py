"""OneGrid's API over HTTP, on one kept connection."""

import json
import time
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException, HTTPResponse
from typing import Final
from urllib.parse import urlsplit
from uuid import uuid4

from onegrid.sample.ports import Reply

_TIMEOUT_S: Final = 30
_TRIES: Final = 3
_BETWEEN_TRIES_S: Final = 0.5


class HttpApi:
    """Calls the API at `url` (http://host:port). A lost connection is tried again with the same
    `Idempotency-Key`, so that nothing happens twice; a server that stays away answers 503."""

    def __init__(self, url: str) -> None:
        self._host = urlsplit(url).netloc
        self._connection = HTTPConnection(self._host, timeout=_TIMEOUT_S)

    def call(
        self,
        method: str,
        path: str,
        *,
        token: str,
        body: object = None,
        file: tuple[str, bytes] | None = None,
    ) -> Reply:
        """One request and its answer."""
        headers, content = {"Authorization": f"Bearer {token}"}, b""
        if file is not None:  # the same content is the same file: no key needed
            content, headers["Content-Type"] = _form(*file)
        elif body is not None:
            content, headers["Content-Type"] = json.dumps(body).encode(), "application/json"
            headers["Idempotency-Key"] = str(uuid4())
        for _ in range(_TRIES):
            try:
                self._connection.request(method, f"/api{path}", content, headers)
                return _reply(self._connection.getresponse())
            except (OSError, HTTPException):
                self._connection.close()
                time.sleep(_BETWEEN_TRIES_S)
        return Reply(503, None)

    def close(self) -> None:
        """Give the connection back."""
        self._connection.close()


def _reply(response: HTTPResponse) -> Reply:
    content = response.read()
    is_json = "json" in response.headers.get("Content-Type", "")
    return Reply(response.status, json.loads(content) if is_json and content else None)


def _form(name: str, content: bytes) -> tuple[bytes, str]:
    """A form with one file, and its content type."""
    mark = uuid4().hex
    head: Mapping[str, str] = {
        "Content-Disposition": f'form-data; name="file"; filename="{name}"',
        "Content-Type": "application/octet-stream",
    }
    lines = "".join(f"{key}: {value}\r\n" for key, value in head.items())
    body = f"--{mark}\r\n{lines}\r\n".encode() + content + f"\r\n--{mark}--\r\n".encode()
    return body, f"multipart/form-data; boundary={mark}"
