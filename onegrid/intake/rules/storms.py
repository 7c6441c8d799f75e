"""A storm of device alarms is one incident: the first opens a case, and once there are more than a few in a
short time and space, all that follow join it. Devices are no persons, so that joining them needs nobody's
tap.

An alarm is decided by those before it alone; therefore a batch is decided as its alarms would be one by
one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from onegrid.kernel.coordinates import EARTH_RADIUS_M
from onegrid.kernel.ids import CaseId
from onegrid.kernel.refusals import Refusal

JOINED: Final = "intake.device-storm"
"""The reason that a report carries which joined because of a storm."""
JOINED_ZH: Final = "设备集中告警，自动并入首起事件"
JOINED_EN: Final = "One of many device alarms at once: joined the case of the first"

Mask = NDArray[np.bool_]


class StormsUnreadable(Refusal):
    code = "intake.storms-unreadable"
    zh = "设备告警风暴的设置有误：{where}。"
    en = "The settings of device storms are not valid: {where}."


@dataclass(frozen=True, slots=True)
class Family:
    """Classes that one kind of device reports. A storm: more than `more_than` alarms within so many minutes
    and metres of each other."""

    key: str
    classes: tuple[str, ...]
    within_min: float
    reach_m: float
    more_than: int


@dataclass(frozen=True, slots=True)
class Families:
    """All families; a class in none of them is one by itself."""

    listed: tuple[Family, ...]
    default: Family

    def of(self, class_code: str) -> Family:
        """The family of a class."""
        for family in self.listed:
            if class_code.startswith(family.classes):
                return family
        rule = self.default
        return Family(class_code, (class_code,), rule.within_min, rule.reach_m, rule.more_than)


def read_families(document: Mapping[str, Mapping[str, object]]) -> Families:
    """The families of a settings file. Raises StormsUnreadable, naming the entry."""
    try:
        families = document["families"].items()
        listed = tuple(_family(key, each) for key, each in families)
        return Families(listed, _family("", {**document["default"], "classes": []}))
    except (KeyError, AttributeError, TypeError) as error:
        raise StormsUnreadable(where=str(error)) from error


def _family(key: str, each: object) -> Family:
    try:
        found = dict(each)  # type: ignore[call-overload]
        family = Family(
            key,
            tuple(map(str, found["classes"])),
            float(found["within"]),
            float(found["reach"]),
            int(found["more_than"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise StormsUnreadable(where=f"{key or 'default'}: {error}") from error
    if not (family.within_min > 0 and family.reach_m > 0 and family.more_than >= 1):
        raise StormsUnreadable(where=key or "default")
    return family


class Alarm(NamedTuple):
    """One alarm. Degrees WGS-84, None without a place; `at`: seconds. `case_id`: the case that it has, or
    will have if it opens one; `leads` False: no other may join that (it cannot open, or has ended).
    `joined`: it joined because of a storm. `urgent`: a danger to life, compared with such only."""

    class_code: str
    urgent: bool
    grid: str
    lng: float | None
    lat: float | None
    at: float
    case_id: CaseId
    leads: bool = True
    joined: bool = False


class StormLead(NamedTuple):
    """The case an alarm joins for certain. `quiet`: its grid has alarmed already, so that nobody is woken
    again."""

    case_id: CaseId
    quiet: bool


def storm_leads(
    alarms: Sequence[Alarm], before: Sequence[Alarm], families: Families
) -> list[StormLead | None]:
    """For each alarm, in order, the case it joins because of a storm, or None.

    `before` are those on record. Joined is the case that the storm's alarms have joined already, or else
    that of the first alarm around."""
    leads: list[StormLead | None] = [None] * len(alarms)
    groups: dict[tuple[str, bool], list[int]] = {}
    everyone = [*before, *alarms]
    kinds = {code: families.of(code) for code in {alarm.class_code for alarm in everyone}}
    rules = {family.key: family for family in kinds.values()}
    for index, alarm in enumerate(everyone):
        family = kinds[alarm.class_code]
        groups.setdefault((family.key, alarm.urgent), []).append(index)
    for (key, _), members in groups.items():
        known = sum(index < len(before) for index in members)
        if len(members) > rules[key].more_than and known < len(members):
            found = _Group([everyone[index] for index in members], rules[key], known=known).decide()
            for index, lead in zip(members[known:], found, strict=True):
                leads[index - len(before)] = lead
    return leads


class _Group:
    """The alarms of one family, in order."""

    def __init__(self, alarms: Sequence[Alarm], family: Family, *, known: int) -> None:
        self.family, self.known = family, known
        self.cases = [each.case_id for each in alarms]
        self.north = _metres([each.lat for each in alarms])
        self.east = _metres([each.lng for each in alarms])
        self.shrink = np.cos(self.north / EARTH_RADIUS_M)
        self.at = np.array([each.at for each in alarms])
        numbers: dict[str, int] = {}
        self.grid = np.array([numbers.setdefault(each.grid, len(numbers)) for each in alarms])
        self.leads = np.array([each.leads for each in alarms])
        self.counts = self.leads | (np.arange(len(alarms)) < known)  # those on record have a case
        self.joined = np.array([each.joined for each in alarms])

    def decide(self) -> list[StormLead | None]:
        """What becomes of those that aren't on record yet, one after the other."""
        return [self._lead(index) for index in range(self.known, len(self.cases))]

    def _lead(self, index: int) -> StormLead | None:
        near = self._near(index)
        if int(near.sum()) < self.family.more_than:
            return None
        able = near & self.leads[:index]
        storm = able & self.joined[:index]
        choice = storm if storm.any() else able
        if not choice.any():
            return None
        self.cases[index] = self.cases[int(choice.argmax())]
        self.joined[index] = self.leads[index] = self.counts[index] = True
        return StormLead(self.cases[index], bool((near & (self.grid[:index] == self.grid[index])).any()))

    def _near(self, index: int) -> Mask:
        """The earlier alarms around in time and space; without a place, those of the same grid."""
        in_time = np.abs(self.at[:index] - self.at[index]) <= 60 * self.family.within_min
        east = (self.east[:index] - self.east[index]) * self.shrink[index]
        apart = np.hypot(east, self.north[:index] - self.north[index])
        here = np.where(np.isnan(apart), self.grid[:index] == self.grid[index], apart <= self.family.reach_m)
        near: Mask = in_time & here & self.counts[:index]
        return near


def _metres(degrees: Sequence[float | None]) -> NDArray[np.float64]:
    """Along a meridian, NaN where there is no place."""
    known = [float("nan") if each is None else each for each in degrees]
    return np.radians(np.array(known, dtype=np.float64)) * EARTH_RADIUS_M
