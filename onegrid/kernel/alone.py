"""What only one process at a time may have: a port, and the demo of a home folder."""

import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from onegrid.kernel.refusals import Refusal


class PortInUse(Refusal):
    status = 409
    code = "kernel.port-in-use"
    zh = "端口 {port} 已被占用：可能已有一个 OneGrid 在运行。请先停止它，或用 --port 换一个端口。"
    en = (
        "Port {port} is in use, perhaps by a OneGrid already running: stop it, or choose another with --port."
    )


class AlreadyRunning(Refusal):
    status = 409
    code = "kernel.already-running"
    zh = "演示已在运行（进程 {pid}，数据目录 {home}）。请先停止它，或用 ONEGRID_HOME 另设数据目录。"
    en = "The demo is already running (process {pid}, data in {home}): stop it, or set another ONEGRID_HOME."


def require_free_port(host: str, port: int) -> None:
    """Raises PortInUse where somebody listens already. The server itself would not notice: its sockets may
    share a port, so that two installations would answer by turns."""
    for family, kind, protocol, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # one just closed is no obstacle
            try:
                probe.bind(address)
            except OSError:
                raise PortInUse(port=port) from None


@contextmanager
def only_demo(home: Path) -> Iterator[None]:
    """The block is the only demo on that home. Raises AlreadyRunning."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / "demo.lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # let go by the system, however the process ends
        except BlockingIOError:
            file.seek(0)
            raise AlreadyRunning(pid=file.read().strip() or "?", home=home) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
