"""Coordinates: the systems they come in, the conversion to WGS-84, distances, and what looks wrong.

The database holds WGS-84, taken as equal to CGCS2000 (they differ by centimetres). Conversion happens once,
at the edge. Every function takes longitude before latitude, in degrees, as numbers or as numpy arrays, and
answers in kind. GCJ-02 is only defined inside a rectangle around China: points outside it, and NaN, come
back unchanged; within a kilometre of the rectangle's edge, at sea or abroad, there is no way back. BD-09 is
defined on top of GCJ-02 everywhere. Back and forth loses less than 1e-8 m with GCJ-02 and 1e-6 m with BD-09
(the published inverse of BD-09 alone is up to 0.25 m off; ours corrects it by the forward formula)."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from onegrid.kernel.refusals import Refusal

Degrees = NDArray[np.float64]
N = TypeVar("N", float, Degrees)

EARTH_RADIUS_M = 6_371_008.8  # mean radius, IUGG
AXIS, ECCENTRICITY = 6378245.0, 0.00669342162296594323  # Krasovsky ellipsoid, on which GCJ-02 is built
BD_FREQUENCY = 3000 * np.pi / 180


class UnknownCoordinateSystem(Refusal):
    """A coordinate whose system is missing, unknown or ambiguous; guessing could move it half a kilometre."""

    code = "kernel.unknown-coordinate-system"
    zh = "坐标系“{given}”缺失或无法识别，请注明WGS84、CGCS2000、GCJ02或BD09之一。"
    en = "The coordinate system '{given}' is missing or unknown: name WGS84, CGCS2000, GCJ02 or BD09."


class CoordinateSystem(StrEnum):
    """The system a coordinate is given in."""

    WGS84 = "WGS84"
    CGCS2000 = "CGCS2000"
    GCJ02 = "GCJ02"
    BD09 = "BD09"

    @property
    def zh(self) -> str:
        return _NAMES[self]

    @classmethod
    def parse(cls, text: str) -> "CoordinateSystem":
        """Read "EPSG:4326", "wgs-84", "GCJ02", "bd09ll" and the like; anything else is refused."""
        system = _WRITTEN.get(re.sub(r"[\s:_-]", "", text).upper())
        if system is None:
            raise UnknownCoordinateSystem(given=text)
        return system


_NAMES = {
    CoordinateSystem.WGS84: "WGS-84（GPS）",
    CoordinateSystem.CGCS2000: "国家大地坐标系2000（天地图）",
    CoordinateSystem.GCJ02: "GCJ-02（高德、腾讯）",
    CoordinateSystem.BD09: "BD-09（百度）",
}
_WRITTEN = {system.value: system for system in CoordinateSystem} | {
    "4326": CoordinateSystem.WGS84,
    "EPSG4326": CoordinateSystem.WGS84,
    "OGCCRS84": CoordinateSystem.WGS84,
    "CRS84": CoordinateSystem.WGS84,
    "4490": CoordinateSystem.CGCS2000,
    "EPSG4490": CoordinateSystem.CGCS2000,
    "BD09LL": CoordinateSystem.BD09,
}


def to_wgs84(lng: N, lat: N, system: CoordinateSystem) -> tuple[N, N]:
    """The point in WGS-84, whatever system it was given in."""
    if system is CoordinateSystem.GCJ02:
        return gcj02_to_wgs84(lng, lat)
    if system is CoordinateSystem.BD09:
        return gcj02_to_wgs84(*bd09_to_gcj02(lng, lat))
    return lng, lat


def from_wgs84(lng: N, lat: N, system: CoordinateSystem) -> tuple[N, N]:
    """A WGS-84 point in the system that a map or another authority asks for."""
    if system is CoordinateSystem.GCJ02:
        return wgs84_to_gcj02(lng, lat)
    if system is CoordinateSystem.BD09:
        return gcj02_to_bd09(*wgs84_to_gcj02(lng, lat))
    return lng, lat


def wgs84_to_gcj02(lng: N, lat: N) -> tuple[N, N]:
    """WGS-84 to GCJ-02 by the published polynomial."""
    x, y = _arrays(lng, lat)
    shift_x, shift_y = _gcj02_shift(x, y)
    return _like(x + shift_x, lng), _like(y + shift_y, lng)


def gcj02_to_wgs84(lng: N, lat: N) -> tuple[N, N]:
    """GCJ-02 to WGS-84 by fixed-point iteration: subtract the shift found at the last estimate."""
    x, y = _arrays(lng, lat)
    inside = _in_china(x, y)
    guess_x, guess_y = x, y
    for _ in range(8):  # the error shrinks about 1,000-fold a round
        shift_x, shift_y = _gcj02_shift(guess_x, guess_y)
        guess_x, guess_y = np.where(inside, x - shift_x, x), np.where(inside, y - shift_y, y)
    return _like(guess_x, lng), _like(guess_y, lng)


def gcj02_to_bd09(lng: N, lat: N) -> tuple[N, N]:
    """GCJ-02 to BD-09 by the published formula."""
    x, y = _bd09(*_arrays(lng, lat))
    return _like(x, lng), _like(y, lng)


def bd09_to_gcj02(lng: N, lat: N) -> tuple[N, N]:
    """BD-09 to GCJ-02 by fixed-point iteration on the published formula."""
    x, y = _arrays(lng, lat)
    guess_x, guess_y = x - 0.0065, y - 0.006
    for _ in range(4):  # the error shrinks about 1,000-fold a round
        reached_x, reached_y = _bd09(guess_x, guess_y)
        guess_x, guess_y = guess_x + (x - reached_x), guess_y + (y - reached_y)
    return _like(guess_x, lng), _like(guess_y, lng)


def distance_m(lng1: N, lat1: N, lng2: N, lat2: N) -> N:
    """Metres over the sphere of the earth's mean radius (haversine; within 0.6 % of the ellipsoid)."""
    phi1, phi2 = np.radians(lat1), np.radians(lat2)
    half = np.sin((phi2 - phi1) / 2) ** 2
    half = half + np.cos(phi1) * np.cos(phi2) * np.sin(np.radians(np.subtract(lng2, lng1)) / 2) ** 2
    return _like(2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.minimum(half, 1))), lng1)


@dataclass(frozen=True)
class Bounds:
    """The rectangle that points of a territory must lie in, in degrees."""

    west: float
    south: float
    east: float
    north: float

    def contains(
        self, lng: float | Degrees, lat: float | Degrees, *, margin_m: float = 0
    ) -> NDArray[np.bool_]:
        """Which points lie inside the rectangle, widened by a margin in metres. NaN lies nowhere."""
        x, y = _arrays(lng, lat)
        tall = np.degrees(margin_m / EARTH_RADIUS_M)
        wide = tall / max(0.01, np.cos(np.radians(max(abs(self.south), abs(self.north)))))
        in_width = (x >= self.west - wide) & (x <= self.east + wide)
        return np.asarray(in_width & (y >= self.south - tall) & (y <= self.north + tall))


def looks_swapped(lng: float | Degrees, lat: float | Degrees, bounds: Bounds) -> NDArray[np.bool_]:
    """Which points lie outside the territory but inside it once longitude and latitude change places."""
    return np.asarray(~bounds.contains(lng, lat) & bounds.contains(lat, lng))


def on_earth(lng: float | Degrees, lat: float | Degrees) -> NDArray[np.bool_]:
    """Which pairs are coordinates at all: numbers, within 180 degrees of longitude and 90 of latitude."""
    return np.asarray((np.abs(lng) <= 180) & (np.abs(lat) <= 90))


def _arrays(lng: float | Degrees, lat: float | Degrees) -> tuple[Degrees, Degrees]:
    return np.asarray(lng, np.float64), np.asarray(lat, np.float64)


def _like(value: Degrees, given: N) -> N:
    """The value as a number if a number was given, else as an array."""
    return value if isinstance(given, np.ndarray) else float(value)


def _bd09(lng: Degrees, lat: Degrees) -> tuple[Degrees, Degrees]:
    radius = np.hypot(lng, lat) + 2e-5 * np.sin(lat * BD_FREQUENCY)
    angle = np.arctan2(lat, lng) + 3e-6 * np.cos(lng * BD_FREQUENCY)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006


def _in_china(lng: Degrees, lat: Degrees) -> NDArray[np.bool_]:
    return (lng >= 72.004) & (lng <= 137.8347) & (lat >= 0.8293) & (lat <= 55.8271)


def _gcj02_shift(lng: Degrees, lat: Degrees) -> tuple[Degrees, Degrees]:
    """How far GCJ-02 moves each WGS-84 point, in degrees; nothing outside China."""
    inside = _in_china(lng, lat)
    x, y = np.where(inside, lng, 105) - 105, np.where(inside, lat, 35) - 35
    wave_x, wave_y, root = np.pi * x, np.pi * y, np.sqrt(np.abs(x))
    common = (20 * np.sin(6 * wave_x) + 20 * np.sin(2 * wave_x)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + common
    north += (20 * np.sin(wave_y) + 40 * np.sin(wave_y / 3)) * 2 / 3
    north += (160 * np.sin(wave_y / 12) + 320 * np.sin(wave_y / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + common
    east += (20 * np.sin(wave_x) + 40 * np.sin(wave_x / 3)) * 2 / 3
    east += (150 * np.sin(wave_x / 12) + 300 * np.sin(wave_x / 30)) * 2 / 3
    phi = np.radians(y + 35)
    flattening = 1 - ECCENTRICITY * np.sin(phi) ** 2
    metres_north = AXIS * (1 - ECCENTRICITY) / (flattening * np.sqrt(flattening)) * np.pi / 180
    metres_east = AXIS / np.sqrt(flattening) * np.cos(phi) * np.pi / 180
    return np.where(inside, east / metres_east, 0), np.where(inside, north / metres_north, 0)
