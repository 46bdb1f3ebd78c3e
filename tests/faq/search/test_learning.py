from dataclasses import replace

import numpy as np
import pytest
import scipy

from faq.search.features import Row
from faq.search.learning import FOLDS, Logistic, learn, score, stratified
from faq.search.sparse import Rows
from faq.search.sureness import ANSWERED, LOST, UNANSWERED, WRONG, Figures, Sureness, auroc


def random_rows(count, width, seed=1):
    chance = np.random.default_rng(seed)
    made = []
    for _ in range(count):
        columns = chance.choice(width, size=chance.integers(0, 40), replace=False).astype(np.int32)
        made.append(Row(columns, chance.random(len(columns)).astype(np.float32)))
    rows = Rows.of(made, width)
    return made, rows, scipy.sparse.csr_matrix((rows.weights, rows.columns, rows.starts), shape=(count, width))


def test_the_sparse_products_are_those_of_scipy():
    _, rows, reference = random_rows(60, 6000)
    dense = np.random.default_rng(2).random((60, 3)).astype(np.float32)
    np.testing.assert_allclose(rows.gram(), (reference @ reference.T).toarray(), rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(rows.transposed_times(dense), reference.T @ dense, rtol=1e-4, atol=1e-5)


def test_what_is_learnt_from_some_rows_is_the_ridge_solution_and_knows_nothing_of_the_others():
    made, rows, reference = random_rows(50, 300)
    labels = np.arange(50) % 4
    among = np.arange(0, 50, 2)
    weights = learn(rows, rows.gram(), labels, 4, among)
    inputs, targets = reference.toarray()[among], np.eye(4)[labels[among]]
    expected = np.linalg.solve(inputs.T @ inputs + 0.3 * np.eye(300), inputs.T @ targets)
    np.testing.assert_allclose(weights, expected, atol=1e-4)
    np.testing.assert_allclose(score(weights, [made[1]]), reference.toarray()[1] @ expected, atol=1e-4)


def test_every_class_is_spread_over_the_folds_the_same_way_each_time():
    labels = np.repeat([0, 1, 2], [10, 25, 5])
    folds = stratified(labels)
    assert np.array_equal(folds, stratified(labels))
    for label, count in ((0, 2), (1, 5), (2, 1)):
        assert np.bincount(folds[labels == label], minlength=FOLDS).tolist() == [count] * FOLDS


def test_a_probability_rises_with_its_signal_and_meets_the_shares_seen():
    chance = np.random.default_rng(3)
    given = chance.normal(size=(4000, 1))
    happened = chance.random(4000) < 1 / (1 + np.exp(-(2 * given[:, 0] - 1)))
    fitted = Logistic.fit(given, happened)
    np.testing.assert_allclose(fitted.factors, [2, -1], atol=0.2)
    assert fitted(given).mean() == pytest.approx(happened.mean(), abs=1e-3)


def test_perfectly_parted_signals_stay_finite():
    fitted = Logistic.fit(np.array([[0.0], [1.0]] * 20), np.array([False, True] * 20))
    assert np.isfinite(fitted.factors).all()


def test_auroc_is_that_of_scikit_learn():
    chance = np.random.default_rng(4)
    above, below = chance.integers(3, 12, 80) / 10, chance.integers(0, 9, 50) / 10
    from sklearn.metrics import roc_auc_score  # seconds, which no other test should wait for

    expected = roc_auc_score([1] * 80 + [0] * 50, np.concatenate([above, below]))
    assert auroc(above, below) == pytest.approx(expected)


def test_the_threshold_misses_no_goal_by_more_than_any_other_threshold_would():
    chance = np.random.default_rng(5)
    labels = chance.integers(0, 6, 3000)  # 5 is none
    scores = chance.normal(0, 0.25, (3000, 6)).astype(np.float32)
    scores[np.arange(3000), labels] += 0.7
    sizes = chance.normal(6, 1, 3000).astype(np.float32)
    sureness = Sureness.of(scores, sizes, labels)

    def worst(figures):
        return max((1 - figures.right) / UNANSWERED, figures.wrong / WRONG, figures.answered / ANSWERED)

    figures = Figures.of(scores, sizes, labels, sureness)
    for other in np.linspace(0, 1, 101):
        assert worst(figures) <= worst(Figures.of(scores, sizes, labels, replace(sureness, answer_at=other))) + 1e-9
    assert figures.lost <= LOST + 0.001
    assert figures.top1 <= figures.top3
