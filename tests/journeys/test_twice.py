"""Two installations at once: the second is refused by name, and nobody's database is taken away."""

import signal
import socket
import tempfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from onegrid.kernel.alone import AlreadyRunning, PortInUse, only_demo, require_free_port
from tests.journeys.installation import Installation, wait_for


@pytest.fixture(scope="module")
def runs() -> Iterator[Installation]:
    with tempfile.TemporaryDirectory(prefix="og-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)  # PostgreSQL runs as a user of its own when the tests run as root
        installed = Installation(Path(folder) / "h")
        assert installed.command("migrate").returncode == 0
        yield installed
        installed.stop_postgres()


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_a_port_in_use_is_refused_in_one_line_and_the_first_goes_on(runs: Installation, command: str) -> None:
    with runs.serving():
        second = runs.command(command, "--port", str(runs.port))
        assert second.returncode == 2
        assert f"端口 {runs.port} 已被占用" in second.stderr
        assert len(second.stderr.splitlines()) == 1
        assert runs.send("GET", "/api/health", "").status == 200


def test_a_demo_that_ends_leaves_the_database_to_whoever_still_uses_it(runs: Installation) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with runs.serving():
        with runs.started("demo", "--port", str(port), "--scale", "0.02") as demo:
            wait_for(lambda: _answers(port))
            again = runs.command("demo", "--port", str(runs.port + 1))
            assert again.returncode == 2
            assert "演示已在运行" in again.stderr
            demo.send_signal(signal.SIGTERM)
            demo.wait(60)
        assert runs.rows("SELECT 1") == [(1,)]
        assert runs.send("GET", "/api/health", "").status == 200


def _answers(port: int) -> bool:
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/api/health", timeout=2).close()
    except OSError:
        return False
    return True


def test_a_port_is_free_again_as_soon_as_nobody_listens() -> None:
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(PortInUse):
            require_free_port("127.0.0.1", port)
    require_free_port("127.0.0.1", port)


def test_only_one_demo_runs_on_a_home(tmp_path: Path) -> None:
    with only_demo(tmp_path), pytest.raises(AlreadyRunning), only_demo(tmp_path):
        pass
    with only_demo(tmp_path):
        pass
