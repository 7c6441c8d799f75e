"""What the learned classifier says of a report, and when it may decide the class by itself.

It is asked only where neither the sender nor the words of the report name one class. A danger to life is
never its decision: such a class waits for a person, with the suggestion."""

from collections.abc import Mapping
from dataclasses import dataclass

from onegrid.kernel.ids import ClassCode
from onegrid.scenarios.rules.classes import ClassTree

from .classify import Classed
from .learned.model import Guess, Guesses
from .learned.samples import Target
from .reports import JsonValue


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The likely values of each target by one version of the model, the likeliest first."""

    model: str
    best: Mapping[Target, tuple[Guess, ...]]
    class_code: ClassCode | None = None  # what it decided by itself

    def document(self) -> dict[str, JsonValue]:
        """As it is kept: probabilities to four digits."""
        return {
            target.value: [[guess.label, round(guess.probability, 4)] for guess in guesses]
            for target, guesses in self.best.items()
        }


def suggestion_of(model: str, class_code: str, document: Mapping[str, list[list[str | float]]]) -> Suggestion:
    """A kept suggestion."""
    best = {
        Target(target): tuple(Guess(str(label), float(chance)) for label, chance in guesses)
        for target, guesses in document.items()
    }
    return Suggestion(model, best, ClassCode(class_code) if class_code else None)


def suggested(
    model: str, told: Mapping[Target, Guesses], *, classes: ClassTree, may_decide: bool
) -> Suggestion:
    """What the model says, and whether it decides: only if it may (nobody named a class, no danger to life
    was read), is sure, and means a listed class without danger to life. Unlisted classes are left out."""
    best = {target: guesses.best for target, guesses in told.items()}
    likely = tuple(guess for guess in best.get(Target.CLASS, ()) if guess.label in classes)
    if Target.CLASS in best:
        best[Target.CLASS] = likely
    decides = (
        may_decide
        and bool(likely)
        and told[Target.CLASS].is_sure
        and likely[0] == told[Target.CLASS].best[0]
        and not classes.get(likely[0].label).life_threatening
    )
    return Suggestion(model, best, ClassCode(likely[0].label) if decides else None)


def with_suggestion(classed: Classed, suggestion: Suggestion | None) -> Classed:
    """The class of the report after the model was heard."""
    if suggestion is None or suggestion.class_code is None:
        return classed
    return Classed(suggestion.class_code, guessed=True)
