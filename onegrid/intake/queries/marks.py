"""When earlier reports with the same marks were sent."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from onegrid.kernel import bulk
from onegrid.kernel.prepared import Prepared

_SENT = Prepared(
    "intake_sent",
    """
SELECT i.mark, ARRAY(
        SELECT extract(epoch FROM sent_at)::float8 FROM (
            SELECT sent_at FROM intake_sent_mark
             WHERE mark = i.mark AND sent_at > i.first AND sent_at <= i.last
            UNION ALL
           (SELECT sent_at FROM intake_sent_mark
             WHERE mark = i.mark AND sent_at <= i.first AND sent_at > i.first - %s::interval
             ORDER BY sent_at DESC LIMIT %s::int)) each
         ORDER BY 1)
  FROM unnest(%s::bigint[], %s::timestamptz[], %s::timestamptz[]) AS i (mark, first, last)
""",
)


def sent(
    spans: Mapping[int, tuple[datetime, datetime]], *, back: timedelta, count_to: int
) -> dict[int, list[float]]:
    """For each mark with its first and last time: when it was sent between them, and the last `count_to`
    times within `back` before; seconds since the epoch, in order. One statement."""
    if not spans:
        return {}
    columns = [
        bulk.array(spans),
        bulk.array(first for first, _ in spans.values()),
        bulk.array(last for _, last in spans.values()),
    ]
    return dict(_SENT.rows([back, count_to, *columns]))
