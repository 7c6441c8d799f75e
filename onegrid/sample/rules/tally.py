"""What has happened so far on the simulated day, as one line."""

from collections import Counter
from dataclasses import dataclass, field

_CHANNELS = {"worker": "网格", "renewal": "动态", "public": "群众", "department": "部门", "device": "技防"}


@dataclass(slots=True)
class Tally:
    """Counts of a running day. `at` in seconds from midnight."""

    at: float = 0.0
    channels: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    moves: Counter[str] = field(default_factory=Counter)
    closed: int = 0
    refused: int = 0
    refusals: Counter[str] = field(default_factory=Counter)
    latest: str = ""

    def refuse(self, status: int, code: str) -> None:
        """Count a refusal by its code."""
        self.refused += 1
        self.refusals[code or str(status)] += 1

    def line(self) -> str:
        """The live summary line."""
        hours, minutes = int(self.at // 3600), int(self.at // 60 % 60)
        pool = max(0, self.outcomes["pooled"])  # what others sent may have been decided as well
        told = " ".join(f"{zh}{self.channels[key]}" for key, zh in _CHANNELS.items())
        return (
            f"{hours:02d}:{minutes:02d} 上报{sum(self.channels.values())}（{told}）"
            f" 立案{self.outcomes['opened']} 并案{self.outcomes['joined']} 待核{pool}"
            f" 办理{sum(self.moves.values())} 办结{self.closed} 拒绝{self.refused} ｜ {self.latest}"
        )
