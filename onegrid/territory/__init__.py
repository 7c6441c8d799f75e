"""Territory: the divisions (county, town, village), the grids, their boundaries and all their versions.

Words: division (区划, 6, 9 or 12 digits), edition (the year of a division list), first-level and
second-level grid (一级网格, 二级网格), exclusive grid (专属网格), predecessor, in force from and until,
locator (point to grid), coverage (gaps and overlaps in m²). A code is never used again.
Who answers for a grid is left to `workforce`."""
