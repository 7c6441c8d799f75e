"""Which coordinate system a boundary file is in: taken from the file where it says so, else from the user.

A file that says nothing is taken as WGS-84 only outside China. Inside, the same numbers may be GCJ-02 or
BD-09, half a kilometre to a kilometre off, and nothing in them tells which: the user must say."""

from dataclasses import dataclass

from onegrid.kernel.coordinates import Bounds, CoordinateSystem
from onegrid.kernel.refusals import Refusal

CHINA = Bounds(west=72.0, south=0.8, east=137.9, north=55.9)  # where GCJ-02 is defined
WORST_ACCURACY_M = 5.0


class SystemUnclear(Refusal):
    code = "territory.coordinate-system-unclear"
    zh = "{file} 没有注明坐标系，可能是 WGS-84、GCJ-02（高德、腾讯）或 BD-09（百度），相差半公里以上。"
    zh += "请用 --crs 注明：wgs84、cgcs2000、gcj02、bd09 或 EPSG 代码。"
    en = "{file} does not say whether it is in WGS-84, GCJ-02 or BD-09, half a kilometre apart."
    en += " Name it with --crs: wgs84, cgcs2000, gcj02, bd09 or an EPSG code."


class UnknownSystem(Refusal):
    code = "territory.unknown-coordinate-system"
    zh = "无法识别坐标系“{given}”。可用 wgs84、cgcs2000、gcj02、bd09 或 EPSG 代码（如 EPSG:4547）。"
    en = "Unknown coordinate system '{given}'. Use wgs84, cgcs2000, gcj02, bd09 or an EPSG code (EPSG:4547)."


class UncertainDatum(Refusal):
    code = "territory.uncertain-datum"
    zh = "坐标系“{given}”没有公开的、误差不超过 {limit:g} 米的换算参数。请先转换为 CGCS2000 再导入。"
    en = "No public conversion from '{given}' is good to {limit:g} m. Convert the file to CGCS2000 first."


class NotDegrees(Refusal):
    code = "territory.not-degrees"
    zh = "{file} 不是经纬度（x {west:,.0f} 至 {east:,.0f}，y {south:,.0f} 至 {north:,.0f}），是投影坐标。"
    zh += "请用 --crs 注明它的投影，例如 --crs EPSG:4547。"
    en = "{file} is not in degrees (x {west:,.0f} to {east:,.0f}, y {south:,.0f} to {north:,.0f});"
    en += " it looks projected. Name the projection with --crs, for example --crs EPSG:4547."


class DegreesProjected(Refusal):
    code = "territory.degrees-not-projected"
    zh = "{file} 的坐标是经纬度，而“{given}”是投影坐标系。请核对 --crs。"
    en = "{file} is in degrees, but '{given}' is a projection. Check --crs."


class Swapped(Refusal):
    code = "territory.swapped-coordinates"
    zh = "{file} 的经度和纬度写反了（第一个数应为经度）：互换后才落在正确的位置。请改正后再导入。"
    en = "{file} has longitude and latitude in the wrong order (longitude comes first). Correct the file."


@dataclass(frozen=True, slots=True)
class Declared:
    """What is known of a file's system before any coordinate is looked at."""

    by_user: str = ""
    by_file: str = ""


def taken_as(declared: Declared, bounds: Bounds, *, file: str) -> str:
    """The system to read the file in: what the user said, else what the file says, else WGS-84 where no
    other is possible. Bounds are those of the numbers in the file."""
    if declared.by_user or declared.by_file:
        return declared.by_user or declared.by_file
    check_degrees(bounds, file=file)
    if _touches(bounds, CHINA):
        raise SystemUnclear(file=file)
    return CoordinateSystem.WGS84.value


def check_projected(bounds: Bounds, *, file: str, given: str) -> None:
    """Refuse degrees under the name of a projection, whose numbers are metres or feet."""
    if _on_earth(bounds):
        raise DegreesProjected(file=file, given=given)


def check_degrees(bounds: Bounds, *, file: str) -> None:
    """Refuse numbers that are no longitudes and latitudes, or are so only the other way round."""
    if _on_earth(bounds):
        return
    if _on_earth(Bounds(bounds.south, bounds.west, bounds.north, bounds.east)):
        raise Swapped(file=file)
    raise NotDegrees(file=file, west=bounds.west, south=bounds.south, east=bounds.east, north=bounds.north)


def _on_earth(bounds: Bounds) -> bool:
    return max(-bounds.west, bounds.east) <= 180 and max(-bounds.south, bounds.north) <= 90


def _touches(one: Bounds, other: Bounds) -> bool:
    across = one.west <= other.east and other.west <= one.east
    return across and one.south <= other.north and other.south <= one.north
