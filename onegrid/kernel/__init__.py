"""Kernel: what every context stands on and none owns.

Ids, the clock, the office calendar, coordinates and cells, refusals, the tamper-evident
history, the transactional outbox, set-based writes, protection of personal data and the
HTTP conventions. It knows no word of grids, posts or cases."""
