"""How well the filter finds messages of the same matter where nothing but their words is known."""

from dataclasses import replace

import numpy as np

from onegrid.intake.rules.reports import JsonValue

from .candidates import Pairs
from .facts import describe
from .matters import Ints, Matters
from .model import PROPOSALS, Model, Scored, score, with_rates
from .similar import likest, rarity
from .tables import Messages


def same_matter(model: Model, messages: Messages, *, first: int = PROPOSALS) -> dict[str, JsonValue]:
    """Messages of known clusters: is another member among the first proposals out of all the messages?"""
    matters, cluster = messages.matters, messages.cluster
    hits: dict[int, bool] = dict.fromkeys(sorted(cluster), False)
    scored = _likest_scored(model, matters, np.array(list(hits), dtype=np.int64), most=4 * first)
    for new, old in zip(scored.new.tolist(), scored.old.tolist(), strict=True):
        hits[new] |= cluster.get(old) == cluster[new]
    by_cluster: dict[str, list[bool]] = {}
    for row, hit in hits.items():
        by_cluster.setdefault(cluster[row], []).append(hit)
    return {
        "messages": len(matters),
        "asked": len(hits),
        "recall_at_3": round(sum(hits.values()) / max(len(hits), 1), 4),
        "clusters": {name: round(sum(each) / len(each), 4) for name, each in sorted(by_cluster.items())},
    }


def _likest_scored(model: Model, matters: Matters, asked: Ints, *, most: int) -> Scored:
    """The messages most like those asked about, whenever they came, as the model orders them."""
    any_time = replace(matters, at=np.full(len(matters), -np.inf))
    nobody = np.zeros(len(matters), np.int64)
    weights = rarity([*matters.words])
    i, j = likest(matters, any_time, asked, (nobody, nobody), most=most, weights=weights)
    keep = i != j
    order = np.lexsort((j[keep], i[keep]))
    found = Pairs(i[keep][order], j[keep][order], np.full(int(keep.sum()), np.nan))
    table = describe(matters, matters, found, weights)
    return score(model, with_rates(table, matters, matters, found, model.rates), found)
