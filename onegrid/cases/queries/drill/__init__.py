"""Reads for a drill: the city's posts and people, its past cases, and the drill held on them."""

from onegrid.cases.queries.drill.city import use_city
from onegrid.cases.queries.drill.holding import Order, hold, version_of
from onegrid.cases.rules.drill.results import summary

__all__ = ["Order", "hold", "summary", "use_city", "version_of"]
