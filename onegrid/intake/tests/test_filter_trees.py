"""Trees as arrays score as scikit-learn does."""

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier

from onegrid.intake.rules.filter.trees import Trees, from_arrays, from_boosting

Forest = tuple[HistGradientBoostingClassifier, Trees]


def table(rows: int, seed: int) -> NDArray[np.float32]:
    return np.random.default_rng(seed).normal(size=(rows, 5)).astype(np.float32)


@pytest.fixture(scope="module", params=[2, 6, 8])
def forest(request: pytest.FixtureRequest) -> Forest:
    given = table(600, 1)
    answer = given[:, 0] + given[:, 1] * given[:, 2] > 0.3
    learned = HistGradientBoostingClassifier(max_iter=30, max_leaf_nodes=request.param, random_state=0)
    learned.fit(given, answer)
    nodes = [each[0].nodes for each in learned._predictors]
    return learned, from_boosting(nodes, float(np.ravel(learned._baseline_prediction)[0]))


def test_the_scores_are_those_of_the_forest_they_come_from(forest: Forest) -> None:
    learned, trees = forest
    asked = table(3000, 2)
    assert np.allclose(trees.score(asked), learned.decision_function(asked), atol=1e-9)


def test_one_row_scores_as_many_do(forest: Forest) -> None:
    asked = table(50, 3)
    together = forest[1].score(asked)
    assert np.array_equal(together, [forest[1].score(row[None, :])[0] for row in asked])
    assert len(forest[1].score(asked[:0])) == 0


def test_more_rows_than_are_scored_at_once_come_in_order(forest: Forest) -> None:
    asked = table(70, 4)
    many = np.tile(asked, (600, 1))
    assert np.array_equal(forest[1].score(many), np.tile(forest[1].score(asked), 600))


def test_trees_come_back_from_their_arrays(forest: Forest) -> None:
    again = from_arrays(forest[1].arrays("flag"), "flag")
    kept = again.arrays("x")
    assert all(np.array_equal(kept[name], array) for name, array in forest[1].arrays("x").items())


def test_a_missing_array_is_named(forest: Forest) -> None:
    arrays = forest[1].arrays("flag")
    del arrays["flag.mask"]
    with pytest.raises(KeyError, match=r"flag\.mask"):
        from_arrays(arrays, "flag")


def test_where_no_tree_speaks_the_base_holds() -> None:
    leaf = np.array([(0.5, True)], dtype=[("value", "f8"), ("is_leaf", "?")])
    assert from_boosting([leaf, leaf], -2.0).score(table(3, 5)).tolist() == [-1.0] * 3
