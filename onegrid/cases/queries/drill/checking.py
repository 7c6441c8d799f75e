"""Whether a drill can be held as ordered, as far as a glance at the city tells."""

from datetime import datetime

from onegrid.cases.queries.drill.habits import assumptions
from onegrid.cases.queries.drill.streams import historic
from onegrid.cases.queries.drill.versions import drafted, live_version
from onegrid.cases.rules.drill.ordering import Wanted, check_what_ifs
from onegrid.scenarios import queries as scenarios
from onegrid.scenarios.rules import VersionInfo
from onegrid.scenarios.rules.project_refusals import OtherKey
from onegrid.workforce import queries as workforce


def check_order(key: str, wanted: Wanted, *, now: datetime) -> VersionInfo:
    """The version that is to be drilled.

    Raises VersionOrDraft, TooManyCases, NotLive, NoScenario, NoSuchNumber, NotSound, OtherKey, BadHabits,
    BadWhatIf, NoSuchStage, NoSuchPerson, NoHistory."""
    wanted.check()
    version = _version(key, wanted, now=now)
    if wanted.assumptions is not None:
        assumptions(wanted.assumptions, version.definition)
    check_what_ifs(wanted.what_ifs(), version.definition, workforce.duty_table())
    if wanted.stream == "historic":
        historic(version.definition, days=wanted.days, now=now)
    return version


def _version(key: str, wanted: Wanted, *, now: datetime) -> VersionInfo:
    if not wanted.source:
        return live_version(key, now=now) if wanted.number is None else scenarios.numbered(key, wanted.number)
    version = drafted(wanted.source)
    if version.key != key:
        raise OtherKey(name="key", given=version.key, wanted=key)
    return version
