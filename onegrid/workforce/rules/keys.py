"""Keys: each names one thing, for ever."""

from collections.abc import Collection, Sequence

from onegrid.workforce.rules.refusals import KeyTaken


def refuse_repeated(keys: Sequence[str], *, taken: Collection[str] = ()) -> None:
    """Raises KeyTaken for the first key that stands twice in the batch or is among those taken."""
    seen: set[str] = set()
    for key in keys:
        if key in seen or key in taken:
            raise KeyTaken(key=key)
        seen.add(key)
