"""Reads for a drill: the city's posts and people, its past cases, the drill held on them, ordered drills."""

from onegrid.cases.queries.drill.checking import check_order
from onegrid.cases.queries.drill.city import use_city
from onegrid.cases.queries.drill.holding import Order, Progress, hold, version_of
from onegrid.cases.queries.drill.ordered import drill, drills, drills_to_hold, only_one, waiting_drills
from onegrid.cases.queries.drill.versions import drafted, live_version
from onegrid.cases.rules.drill.results import summary

__all__ = [
    "Order",
    "Progress",
    "check_order",
    "drafted",
    "drill",
    "drills",
    "drills_to_hold",
    "hold",
    "live_version",
    "only_one",
    "summary",
    "use_city",
    "version_of",
    "waiting_drills",
]
