"""OneGrid (一张网): grid-based grassroots governance of a county-level city.

One package per bounded context; imports point down only (see ARCHITECTURE.md)."""
