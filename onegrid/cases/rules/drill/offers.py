"""Which exit a made-up official takes: by weight, among those that the rules leave open."""

from collections.abc import Mapping

from onegrid.cases.rules.drill.deeds import Deeds
from onegrid.cases.rules.drill.going import Going
from onegrid.scenarios.rules import Stage


class Offers:
    """The exits of each stage with their weights. An exit that is used up for good is never drawn."""

    def __init__(self, weights: Mapping[str, Mapping[str, float]], deeds: Deeds) -> None:
        self._weights, self._deeds = weights, deeds

    def variants(self, stage: str, exit_key: str) -> int:
        """In how many ways the exit's form is answered."""
        return self._deeds.variants(stage, exit_key)

    def pick(self, going: Going, stage: Stage, u: float) -> str | None:
        """An exit of the stage that this case has not tried yet; None where none is left."""
        offered = self._offered(going, stage)
        if going.tried:
            offered = {key: weight for key, weight in offered.items() if key not in going.tried}
        left = u * sum(offered.values())
        for key, weight in offered.items():
            left -= weight
            if left < 0:
                return key
        return max(offered, key=lambda key: offered[key], default=None)

    def _offered(self, going: Going, stage: Stage) -> Mapping[str, float]:
        situation = going.situation
        if situation is not None and situation.offers is not None:
            return situation.offers
        taken, weights = going.known.taken, self._weights[stage.key]
        found = {
            way.key: weights.get(way.key, 0.0)
            for way in stage.exits.values()
            if way.target(taken=taken.get(f"{stage.key}/{way.key}", 0)) is not None
        }
        if situation is not None:
            situation.offers = found
        return found
