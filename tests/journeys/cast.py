"""The people of the journeys: each acts over HTTP with a token of his own."""

from dataclasses import dataclass
from typing import Any, Final

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from onegrid.accounts import actions as accounts
from onegrid.accounts.actions import NewAccount
from onegrid.accounts.rules import SYSTEM, AccountRole
from onegrid.accounts.tests.factories import machine
from onegrid.cases.tests import factories as cases
from onegrid.cases.tests.factories import GRID, NOW, PLACE
from onegrid.cases.tests.pictures import jpeg
from onegrid.kernel import clock
from onegrid.workforce import actions as workforce
from onegrid.workforce.actions import NewAppointment, NewWorker
from onegrid.workforce.rules import Period
from onegrid.workforce.tests.factories import COUNTY, SINCE, TOWN, VILLAGE

RUBBISH, BUILDING, RED_TAPE = "E0102", "S0703", "S1301"
JSON: Final[Any] = {"content_type": "application/json"}
WORK: Final = ("report.create", "case.read", "case.work", "case.dispatch", "case.approve", "pool.decide")

# Beside the cast of the small city: Lin, Hu, Wang, Mei, Chen, Zhao, Gao.
MORE: Final = {
    "he": ("何书记", f"chief-head@{VILLAGE}"),
    "su": ("苏副书记", f"deputy-chief@{VILLAGE}"),
    "lan": ("兰主任", f"village-centre@{VILLAGE}"),
    "ye": ("叶组长", f"grid-head-2@{GRID}"),
    "tu": ("涂站长", f"town-two-violations@{TOWN}"),
    "fang": ("方科长", f"two-violations-office@{COUNTY}"),
    "qian": ("钱科长", f"business-office@{COUNTY}"),
}


@dataclass(frozen=True)
class Person:
    """Somebody with a token of his own."""

    client: Client

    def report(self, channel: str, class_code: str = RUBBISH, **fields: Any) -> Any:
        """Send a report of something at the usual place; it is taken in."""
        lng, lat = PLACE
        body = {"channel": channel, "class_code": class_code, "description": "村口大榕树旁，请尽快处理"}
        place = {"lng": lng, "lat": lat, "system": "WGS84"}
        answer = self.client.post("/api/reports", {**body, **place, **fields}, **JSON)
        assert answer.status_code == 201, answer.json()
        return answer.json()

    def get(self, path: str) -> Any:
        answer = self.client.get(f"/api{path}")
        assert answer.status_code == 200, answer.json()
        return answer.json()

    def tries(self, case: str, verb: str, **body: Any) -> Any:
        """Make a move, on the state that the case's page shows where it shows one."""
        page = self.client.get(f"/api/cases/{case}").json()
        return self.client.post(
            f"/api/cases/{case}/{verb}", {"version": page.get("version", 1), **body}, **JSON
        )

    def does(self, case: str, verb: str, **body: Any) -> Any:
        answer = self.tries(case, verb, **body)
        assert answer.status_code == 200, answer.json()
        return answer.json()

    def finishes(self, case: str, by_exit: str, *evidence: dict[str, str], **form: Any) -> Any:
        """Take an exit of the stage; answers where the case stands then."""
        said = {"exit": by_exit, "opinion": "情况属实，已按要求办理", "form": form}
        return self.does(case, "exit", evidence=list(evidence), **said)

    def rates(self, report: str, **body: Any) -> Any:
        """Rate one's own report."""
        return self.client.post(f"/api/reports/{report}/rate", body, **JSON)

    def photo(self, label: str, *, east_m: float = 0) -> dict[str, str]:
        """A photo taken at the usual place, or a little east of it."""
        return self._file(jpeg(place=(PLACE[0] + east_m / 101_000, PLACE[1])), "photo", label)

    def paper(self, label: str) -> dict[str, str]:
        return self._file(
            SimpleUploadedFile(f"{label}.pdf", b"%PDF-1.4 " + label.encode()), "document", label
        )

    def _file(self, file: SimpleUploadedFile, kind: str, label: str) -> dict[str, str]:
        answer = self.client.post("/api/evidence", {"file": file})
        assert answer.status_code == 200, answer.json()
        return {"sha": answer.json()["sha"], "kind": kind, "label": label}

    def heard(self, about: str) -> list[tuple[str, str]]:
        """What the inbox says about a case or report, oldest first: template and text."""
        items = self.get("/notices?limit=100")["items"]
        return [(one["template"], one["body"]) for one in reversed(items) if one["subject_id"] == about]

    def templates(self, about: str) -> list[str]:
        return sorted(template for template, _ in self.heard(about))


Cast = dict[str, Person]


def make_cast() -> Cast:
    """The small city with its people in their posts, a resident and a camera."""
    staff = cases.city().staff
    ids = accounts.create_accounts(
        [NewAccount(key, name) for key, (name, _) in MORE.items()], by=SYSTEM, now=NOW
    )
    workers = workforce.create_workers(
        [
            NewWorker(MORE[key][0], "official", staff_no=key, account_id=i)
            for key, i in zip(MORE, ids, strict=True)
        ],
        by=SYSTEM,
        now=NOW,
    )
    appointments = [
        NewAppointment(staff.posts[post], worker, Period(SINCE))
        for (_, post), worker in zip(MORE.values(), workers, strict=True)
    ]
    workforce.appoint(appointments, by=SYSTEM, now=NOW)
    resident = NewAccount("zhang", "张三", role=AccountRole.CITIZEN)
    accounts.create_accounts([resident], by=SYSTEM, now=NOW)
    machine("camera-7")
    known = {name: _with_token(name, *WORK) for name in (*staff.accounts, *MORE)}
    return {
        **known,
        "zhang": _with_token("zhang", "report.create"),
        "camera": _with_token("camera-7", "report.create"),
    }


def _with_token(username: str, *scopes: str) -> Person:
    issued = accounts.issue_token(username, name="test", scopes=scopes, days=1, by=SYSTEM, now=clock.now())
    return Person(Client(headers={"Authorization": f"Bearer {issued.secret}"}))
