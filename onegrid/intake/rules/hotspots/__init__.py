"""Hot spots (热点): a burst of reports, of whatever classes, at one place over that place's own usual rate.

`usual` says what is to be expected of each place and hour, `scanning` compares it with what came in lately
over circles of several radii and windows of several lengths, and `calibration` says how unlikely a burst
must be so that false alarms stay as rare as the setting promises. Reports are counted, reporters never
looked at."""

from .calibration import threshold
from .naming import name_of
from .scanning import Burst, Lately, Settings, scan
from .squares import ROWS, STEP, square_of
from .tracking import Running, Seen, Tracked, has_grown, track
from .usual import Earlier, Usual, usual

__all__ = [
    "ROWS",
    "STEP",
    "Burst",
    "Earlier",
    "Lately",
    "Running",
    "Seen",
    "Settings",
    "Tracked",
    "Usual",
    "has_grown",
    "name_of",
    "scan",
    "square_of",
    "threshold",
    "track",
    "usual",
]
