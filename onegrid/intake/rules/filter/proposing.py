"""What the filter offers for each new matter: at most three earlier ones with reasons, or nothing."""

from collections.abc import Sequence
from typing import Final, NamedTuple
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from onegrid.intake.rules.reasoning import Reason

from .candidates import pairs
from .facts import Fact, describe
from .matters import Matter, columns
from .model import PLACELESS_TEXT, Model, score, with_rates

ALIKE_TEXT: Final = 0.35
CROWDED: Final = 3
MOST_REASONS: Final = 4
LEAST: Final = 0.02  # of the report's own probability: an offer must be worth a look


class Offer(NamedTuple):
    """An earlier case, how likely it is the same matter (0 to 1), why, and the facts weighed."""

    case_id: UUID
    rank: int
    probability: float
    reasons: tuple[Reason, ...]
    facts: tuple[float, ...]


def offers(model: Model, new: Sequence[Matter], old: Sequence[Matter]) -> list[tuple[Offer, ...]]:
    """The offers for each new matter, best first, among earlier ones.

    Only matters that reach the threshold of their family have any, so that no more than the stated share of
    the reports does."""
    result: list[list[Offer]] = [[] for _ in new]
    ours, earlier = columns(new), columns(old)
    found = pairs(ours, earlier)
    if not len(found.new):
        return [()] * len(new)
    table = with_rates(describe(ours, earlier, found, model.weights), ours, earlier, found, model.rates)
    scored = score(model, table, found)
    for k, (i, j, row) in enumerate(
        zip(scored.new.tolist(), scored.old.tolist(), scored.row.tolist(), strict=True)
    ):
        facts = table[row]
        whole, own = float(scored.redundant[k]), float(scored.probability[k])
        if whole < model.threshold(new[i].family) or own < LEAST * whole or _is_vague(facts):
            continue
        offer = Offer(earlier.case_id[j], len(result[i]) + 1, own, reasons_of(facts), tuple(facts.tolist()))
        result[i].append(offer)
    return [tuple(each) for each in result]


def _is_vague(facts: NDArray[np.float32]) -> bool:
    """Without a place, the same address, reporter or photo must speak for it, or the words."""
    if facts[Fact.METRES] >= 0:
        return False
    named = (Fact.SAME_ADDRESS, Fact.SAME_REPORTER, Fact.PHOTO)
    return not any(facts[each] == 1 for each in named) and bool(facts[Fact.TEXT] < PLACELESS_TEXT)


def reasons_of(facts: NDArray[np.float32]) -> tuple[Reason, ...]:
    """Why a person should look at this pair, the most telling first, at most four."""
    metres, hours = float(facts[Fact.METRES]), float(facts[Fact.HOURS])
    listed = (
        (facts[Fact.PHOTO] == 1, Reason("same-photo")),
        (facts[Fact.SAME_ADDRESS] == 1, Reason("same-address")),
        (metres >= 0, Reason("near", round(max(metres, 1)))),
        (True, Reason("hours-ago", round(hours, 2))),
        (facts[Fact.TEXT] >= ALIKE_TEXT, Reason("text-similar")),
        (facts[Fact.SAME_REPORTER] == 1, Reason("same-reporter")),
        (facts[Fact.SAME_CLASS] == 1, Reason("same-class")),
        (facts[Fact.SAME_CLASS] != 1 and facts[Fact.SAME_FAMILY] == 1, Reason("related-class")),
        (facts[Fact.ENDED_HOURS] >= 0, Reason("just-closed")),
        (facts[Fact.DUE_SHARE] > 1, Reason("earlier-overdue")),
        (facts[Fact.CROWD] >= CROWDED, Reason("many-nearby", int(facts[Fact.CROWD]))),
    )
    return tuple(reason for holds, reason in listed if holds)[:MOST_REASONS]


def family_of(class_code: str) -> str:
    """The family of a class: its major class (大类), the first three characters of its code."""
    return class_code[:3]
