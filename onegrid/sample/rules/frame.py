"""A flat metric frame round one county, for latitude 25 N. It is affine, so it keeps topology."""

from dataclasses import dataclass
from math import cos, radians

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

_METRES_PER_DEGREE = 111_386.0
_METRES_PER_DEGREE_NORTH = 110_773.0


@dataclass(frozen=True, slots=True)
class Frame:
    """Metres east and north of an origin given in degrees (WGS-84)."""

    lng: float
    lat: float

    @property
    def scale(self) -> Floats:
        """Metres per degree of longitude and latitude; within 100 km good to 1 %."""
        return np.array([_METRES_PER_DEGREE * cos(radians(self.lat)), _METRES_PER_DEGREE_NORTH])

    def metres(self, degrees: Floats) -> Floats:
        """Points (…, 2) in degrees as metres from the origin."""
        found: Floats = (degrees - np.array([self.lng, self.lat])) * self.scale
        return found

    def degrees(self, metres: Floats) -> Floats:
        """Points (…, 2) in metres from the origin as degrees."""
        found: Floats = metres / self.scale + np.array([self.lng, self.lat])
        return found


def around(outline: Floats) -> Frame:
    """The frame whose origin is the middle of the outline's bounding box (degrees)."""
    lng, lat = (outline.min(axis=0) + outline.max(axis=0)) / 2
    return Frame(float(lng), float(lat))
