"""What changed between two versions of a scenario, as a readable list in Chinese and English."""

from onegrid.scenarios.rules.differences.comparing import Difference, Kind, differences

__all__ = ["Difference", "Kind", "differences"]
