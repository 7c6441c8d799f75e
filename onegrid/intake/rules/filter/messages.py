"""How well the filter finds messages of the same matter where nothing but their words is known."""

from collections.abc import Mapping, Sequence
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
    asked = np.array(sorted(cluster), dtype=np.int64)
    hits = _hits(_likest_scored(model, matters, asked, most=4 * first), cluster)
    untitled = replace(matters, head=tuple(each[:0] for each in matters.head))
    plain = _hits(_likest_scored(model, untitled, asked, most=4 * first), cluster)
    by_cluster: dict[str, list[bool]] = {}
    for row, hit in hits.items():
        by_cluster.setdefault(cluster[row], []).append(hit)
    return {
        "messages": len(matters),
        "asked": len(hits),
        "recall_at_3": _share(list(hits.values())),
        "plain_recall_at_3": _share(list(plain.values())),  # the title counting as any other words
        "clusters": {name: _share(each) for name, each in sorted(by_cluster.items())},
    }


def _hits(scored: Scored, cluster: Mapping[int, str]) -> dict[int, bool]:
    """For each message asked about, whether another of its cluster is among those proposed."""
    hits = dict.fromkeys(sorted(cluster), False)
    for new, old in zip(scored.new.tolist(), scored.old.tolist(), strict=True):
        hits[new] |= cluster.get(old) == cluster[new]
    return hits


def _share(hits: Sequence[bool]) -> float:
    return round(sum(hits) / max(len(hits), 1), 4)


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
