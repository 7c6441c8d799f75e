"""Finding many fixed phrases in a text quickly, without a model."""

from collections.abc import Iterable, Iterator


class Phrases:
    """A set of phrases of two or more characters; upper and lower case are the same.

    A text is first asked which two-character beginnings it holds at all; only phrases that start with one of
    those are looked for."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._by_start: dict[str, list[str]] = {}
        for phrase in {phrase.casefold() for phrase in phrases}:
            if len(phrase) < 2:
                raise ValueError(f"phrase too short: {phrase!r}")
            self._by_start.setdefault(phrase[:2], []).append(phrase)
        self._starts = frozenset(self._by_start)

    def find(self, text: str) -> Iterator[tuple[str, int]]:
        """Each phrase that occurs, with every position, phrase by phrase. `text` must be casefolded."""
        pairs = {text[i : i + 2] for i in range(len(text) - 1)}
        for start in sorted(self._starts & pairs):
            for phrase in self._by_start[start]:
                at = text.find(phrase)
                while at >= 0:
                    yield phrase, at
                    at = text.find(phrase, at + 1)
