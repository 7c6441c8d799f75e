"""Which matter class a report belongs to: the one it names, else the one its words name, else none.

Words are fixed phrases per class; the class with the longest phrases found wins. Where two classes are
equally near the text, nobody guesses: the report waits for a person."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from onegrid.kernel.ids import ClassCode
from onegrid.kernel.refusals import Refusal
from onegrid.scenarios.rules import Problem, VersionInfo, check_values

from . import reasons
from .phrases import Phrases
from .reports import ReportIn


@dataclass(frozen=True, slots=True)
class Classed:
    """`code` None: unknown, and `doubt` says why. `guessed`: told from the words, not by the sender."""

    code: ClassCode | None
    guessed: bool = False
    doubt: Refusal | None = None


class Classifier:
    """Knows the listed classes and the phrases that name one."""

    def __init__(self, listed: Iterable[str], phrases: Mapping[str, Iterable[str]]) -> None:
        self._listed = frozenset(listed)
        self._codes: dict[str, list[str]] = {}
        for code, words in phrases.items():
            for word in words if code in self._listed else ():
                self._codes.setdefault(word.casefold(), []).append(code)
        self._phrases = Phrases(self._codes)

    def classify(self, report: ReportIn) -> Classed:
        """The class of one report. A named class that is not listed is never replaced by a guess."""
        named = report.class_code
        if named:
            if named in self._listed:
                return Classed(ClassCode(named))
            return Classed(None, doubt=reasons.ClassNotListed(class_code=named))
        guess = self.guess(report.text)
        return Classed(guess, guessed=True) if guess else Classed(None, doubt=reasons.ClassUnknown())

    def guess(self, text: str) -> ClassCode | None:
        """The one class whose phrases cover most characters of the text; None for none or a tie."""
        covered: dict[str, int] = {}
        for phrase in {phrase for phrase, _ in self._phrases.find(text.casefold())}:
            for code in self._codes[phrase]:
                covered[code] = covered.get(code, 0) + len(phrase)
        best = sorted(covered.items(), key=lambda item: -item[1])[:2]
        if not best or (len(best) == 2 and best[0][1] == best[1][1]):
            return None
        return ClassCode(best[0][0])


def faulty_answers(
    form: Mapping[str, object], version: VersionInfo, facts: Mapping[str, object]
) -> dict[str, Problem]:
    """The given answers that the scenario's registration form does not take, each with its first problem.

    Answers that are missing are no fault of a report: whoever works the case asks for them."""
    found: dict[str, Problem] = {}
    for problem in check_values(version.definition.form, form, answers=facts):
        key = problem.field.split(".", 1)[0]
        if key in form:
            found.setdefault(key, problem)
    return found
