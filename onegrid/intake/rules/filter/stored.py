"""A filter as a model file, and back."""

from collections.abc import Mapping
from datetime import datetime

import numpy as np

from onegrid.intake.rules.modelfile import ModelDamaged, ModelFile, versioned
from onegrid.intake.rules.reports import JsonValue

from .model import BURDENS, KIND, Model, Rates
from .trees import from_arrays

_PAIR = "\t"


def as_file(model: Model, *, card: Mapping[str, JsonValue], made_at: datetime) -> ModelFile:
    """The model as a file with its evaluation card, under a version of its own."""
    rates, families = model.rates, sorted(model.by_family)
    pairs = sorted(rates.by_pair)
    classes = sorted(rates.by_class)
    arrays = {
        **model.flag.arrays("flag"),
        **model.rank.arrays("rank"),
        "weights": model.weights.astype(np.float16),
        "probability": np.array([model.slope, model.offset]),
        "thresholds": np.array([model.thresholds, *(model.by_family[each] for each in families)]),
        "burdens": np.array([model.burden, *(model.burdens[each] for each in sorted(model.burdens))]),
        "rates.class": np.array([rates.by_class[each] for each in classes], np.float32),
        "rates.pair": np.array([rates.by_pair[each] for each in pairs], np.float32),
        "rates.general": np.array([rates.general, *rates.by_relation]),
    }
    words = {
        "burdens": tuple(sorted(model.burdens)),
        "families": tuple(families),
        "classes": tuple(classes),
        "pairs": tuple(map(_PAIR.join, pairs)),
    }
    return versioned(KIND, made_at=made_at, card=card, arrays=arrays, words=words)


def from_file(file: ModelFile) -> Model:
    """The model that a file holds. Raises ModelDamaged."""
    arrays, words = file.arrays, file.words
    try:
        general, *by_relation = arrays["rates.general"].tolist()
        pairs = [tuple(each.split(_PAIR)) for each in words["pairs"]]
        rates = Rates(
            dict(zip(words["classes"], arrays["rates.class"].tolist(), strict=True)),
            {(a, b): value for (a, b), value in zip(pairs, arrays["rates.pair"].tolist(), strict=True)},
            general,
            (by_relation[0], by_relation[1], by_relation[2]),
        )
        everywhere, *by_family = [
            tuple(row) for row in arrays["thresholds"].reshape(-1, len(BURDENS)).tolist()
        ]
        return Model(
            version=file.version,
            flag=from_arrays(arrays, "flag"),
            rank=from_arrays(arrays, "rank"),
            rates=rates,
            weights=arrays["weights"].astype(np.float32),
            slope=float(arrays["probability"][0]),
            offset=float(arrays["probability"][1]),
            thresholds=everywhere,
            by_family=dict(zip(words["families"], by_family, strict=True)),
            burden=float(arrays["burdens"][0]),
            burdens=dict(zip(words["burdens"], arrays["burdens"][1:].tolist(), strict=True)),
        )
    except (KeyError, ValueError, IndexError) as error:
        raise ModelDamaged(where=str(error)) from error
