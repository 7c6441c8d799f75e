"""Where a report lies: coordinate to grid, fallback points found out, given grids checked."""

from collections.abc import Mapping, Sequence

import numpy as np

from onegrid.intake.actions.incoming import Incoming
from onegrid.intake.queries import settings
from onegrid.intake.queries.reports import Known
from onegrid.intake.rules import reasons
from onegrid.intake.rules.coordinates import Sighting, implausible
from onegrid.intake.rules.policy import ChannelPolicy
from onegrid.intake.rules.reports import Channel
from onegrid.kernel.ids import GridCode
from onegrid.kernel.refusals import Refusal
from onegrid.territory import queries as territory

Policies = Mapping[Channel, ChannelPolicy]


def locate(incoming: Sequence[Incoming]) -> list[Refusal | None]:
    """Set the grid of each located report; answers the refusal of those with a swapped coordinate."""
    placed = [each for each in incoming if each.lng is not None]
    codes = _grids_at([each.lng for each in placed], [each.lat for each in placed])
    astray = []
    for each, code in zip(placed, codes, strict=True):
        each.grid_code = GridCode(code) if code else None
        if not code and not each.report.grid_code:
            astray.append(each)
    turned = _grids_at([each.lat for each in astray], [each.lng for each in astray])
    swapped = {each.index for each, code in zip(astray, turned, strict=True) if code and not each.threats}
    return [
        reasons.Swapped(lng=each.report.lng, lat=each.report.lat) if each.index in swapped else None
        for each in incoming
    ]


def _grids_at(lng: Sequence[float | None], lat: Sequence[float | None]) -> list[str]:
    if not lng:
        return []
    found: list[str] = (
        territory.locator()
        .locate_codes(np.array(lng, dtype=np.float64), np.array(lat, dtype=np.float64))
        .tolist()
    )
    return found


def doubt(incoming: Sequence[Incoming], known: Sequence[Known], policies: Policies) -> None:
    """Mark the reports that stand on a fallback point; their grid by coordinate is taken back."""
    sightings = [
        None
        if each.coordinate is None
        else Sighting(
            each.coordinate,
            each.at.timestamp(),
            min(found.beside, policies[each.report.channel].repeat_limit),
            policies[each.report.channel].repeat_limit,
            policies[each.report.channel].repeat_window,
        )
        for each, found in zip(incoming, known, strict=True)
    ]
    for each, doubted in zip(incoming, implausible(sightings), strict=True):
        if doubted:
            each.is_doubted, each.grid_code = True, None


def decide_grids(incoming: Sequence[Incoming], policies: Policies) -> None:
    """A grid named by the sender goes before the coordinate's; without either the report waits."""
    known = settings.place_codes()
    for each in incoming:
        named = each.report.grid_code
        if named and named in known:
            each.grid_code = GridCode(named)
        elif named:
            each.grid_code, each.waits = None, each.waits or reasons.GridUnknown(grid_code=named)
        elif each.grid_code is None:
            each.waits = each.waits or _no_grid(each, policies[each.report.channel])


def _no_grid(each: Incoming, policy: ChannelPolicy) -> Refusal:
    if each.is_doubted:
        return reasons.PlaceRepeated(days=policy.repeat_window.days, limit=policy.repeat_limit)
    if each.lng is None:
        return reasons.PlaceUnknown()
    return reasons.PlaceOutside(lng=each.report.lng, lat=each.report.lat)
