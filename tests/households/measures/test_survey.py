import math

import numpy as np
import pandas as pd
import pytest

from giamngheo.households.engine import households
from giamngheo.households.measures.alkire_foster import Poverty, scored
from giamngheo.households.measures.survey import (
    ALKIRE_FOSTER,
    LonelyClusterError,
    bootstrapped,
    linearized,
    linearized_change,
    sample_counts,
)

RATE = {"rate": ("poor", "population")}


def of_clusters(poor, population=None, stratum="s", **keys):
    size = len(poor)
    return pd.DataFrame(
        {
            "stratum": stratum,
            "cluster": [str(i) for i in range(size)],
            "poor": poor,
            "population": population or [1.0] * size,
            **keys,
        }
    )


def test_a_simple_random_sample_has_its_textbook_error():
    found = linearized(of_clusters([1.0, 0, 0, 1, 0, 0, 0, 0, 0, 0]), RATE).iloc[0]
    assert found["estimate"] == 0.2
    assert found["standard_error"] == pytest.approx(math.sqrt(0.2 * 0.8 / 9))


def test_strata_and_clusters_enter_the_error():
    one = of_clusters([2.0, 4], population=[10.0, 10], stratum="a")
    two = of_clusters([5.0, 5], population=[10.0, 10], stratum="b")
    found = linearized(pd.concat([one, two]), RATE).iloc[0]
    only_stratum_a_varies = math.sqrt(2 * 2) / 40
    assert found["estimate"] == 0.4
    assert found["standard_error"] == pytest.approx(only_stratum_a_varies)
    margin = 4.302653 * only_stratum_a_varies  # Student, two degrees of freedom
    assert (found["low"], found["high"]) == pytest.approx((0.4 - margin, 0.4 + margin))


def test_clusters_without_the_group_count_in_its_error():
    frame = of_clusters([1.0, 0, 1, 0], unit_code=["x", "x", "y", "y"])
    found = linearized(frame, RATE, ["unit_code"]).set_index("unit_code")
    residual = np.array([0.5, -0.5, 0, 0]) / 2
    assert found.loc["x", "standard_error"] == pytest.approx(math.sqrt(4 * residual.var(ddof=1)))


def test_errors_of_a_sample_are_those_of_another_implementation():
    """Values of samplics 0.6.0, TaylorEstimator, for these ten households with weights, strata, clusters and groups."""
    columns = ["stratum", "cluster", "group", "population", "deprivations"]
    sample = [
        ("1", "a", "x", 2.5, 4),
        ("1", "a", "y", 1.0, 2),
        ("1", "b", "x", 3.0, 0),
        ("1", "b", "x", 2.0, 6),
        ("1", "c", "y", 1.5, 3),
        ("2", "a", "x", 4.0, 1),
        ("2", "a", "y", 2.0, 5),
        ("2", "b", "x", 1.0, 12),
        ("2", "b", "y", 3.5, 2),
        ("2", "b", "y", 0.5, 3),
    ]
    people = pd.DataFrame(sample, columns=columns)
    poor = people["population"].where(people["deprivations"] >= 3, 0)
    people = people.assign(poor=poor, censored=poor * people["deprivations"] / 12)
    found = pd.concat([linearized(people, ALKIRE_FOSTER), linearized(people, ALKIRE_FOSTER, ["group"])])
    expected = {
        "incidence": (0.4523809523809524, 0.05404549152024982, 0.2803840775750914, 0.6243778271868134),
        "intensity": (0.4385964912280702, 0.06806069692606118, 0.2219969777606926, 0.6551960046954478),
        "adjusted_headcount": (0.19841269841269843, 0.023954554747234638, 0.12217861416264525, 0.2746467826627516),
        "incidence of x": (0.44, 0.22144832354298827, -0.2647473990706541, 1.144747399070654),
        "intensity of x": (0.5151515151515151, 0.11906436796129097, 0.13623555724216485, 0.8940674730608654),
        "adjusted_headcount of x": (0.22666666666666666, 0.13733100321647854, -0.21038187712052045, 0.6637152104538537),
        "incidence of y": (0.47058823529411764, 0.3153538377872512, -0.5330084206289575, 1.4741848912171927),
        "intensity of y": (0.33333333333333337, 0.060739082237971885, 0.14003446547877646, 0.5266322011878903),
        "adjusted_headcount of y": (0.15686274509803924, 0.12398473738697462, -0.2377120243107089, 0.5514375145067874),
    }
    of_group = found["group"].map(" of {}".format, na_action="ignore").fillna("")
    measured = found.set_index(found["measure"] + of_group)[["estimate", "standard_error", "low", "high"]]
    for name, values in expected.items():
        assert measured.loc[name].tolist() == pytest.approx(values), name


def test_a_lonely_cluster_is_said():
    frame = pd.concat([of_clusters([1.0, 0], stratum="a"), of_clusters([1.0], stratum="b")])
    with pytest.raises(LonelyClusterError, match="1 tầng chỉ có một cụm"):
        linearized(frame, RATE)


@pytest.mark.parametrize(
    ("clusters", "usual", "strict"),
    [(2, 12.7062, 63.6567), (3, 4.3027, 9.9248), (6, 2.5706, 4.0321), (31, 2.0423, 2.7500), (1001, 1.9623, 2.5808)],
)
def test_intervals_are_as_wide_as_the_printed_tables_of_student_say(clusters, usual, strict):
    """One degree of freedom less than clusters of a stratum."""
    frame = of_clusters([1.0, 0] * (clusters // 2) + [0.0] * (clusters % 2))
    for confidence, quantile in ((0.95, usual), (0.99, strict)):
        found = linearized(frame, RATE, confidence=confidence).iloc[0]
        assert found["high"] - found["estimate"] == pytest.approx(quantile * found["standard_error"], rel=1e-4)


def test_bootstrap_and_linearization_agree():
    random = np.random.default_rng(1)
    size = random.integers(5, 20, 60).astype(float)
    frame = of_clusters(list(random.binomial(size.astype(int), 0.3)), population=list(size))
    frame["stratum"] = np.repeat(["a", "b", "c"], 20)
    line = linearized(frame, RATE).iloc[0]
    boot = bootstrapped(frame, RATE, seed=7, replicates=4000).iloc[0]
    assert boot["estimate"] == line["estimate"]
    assert boot["standard_error"] == pytest.approx(line["standard_error"], rel=0.05)
    assert (boot["low"], boot["high"]) == pytest.approx((line["low"], line["high"]), abs=0.01)


def test_the_seed_decides_the_bootstrap():
    frame = of_clusters([1.0, 0, 0, 1, 1, 0])
    one, again, other = (bootstrapped(frame, RATE, seed=seed) for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(one, again)
    assert not one.equals(other)


def test_weights_of_the_file_weigh_the_measures(work, written):
    sample = {"stratum": "1", "cluster": "1", "weight": 3}
    rows = (
        sample | {"deprivation_01": 1, "deprivation_02": 1, "deprivation_03": 1},
        sample | {"cluster": "2", "weight": 1},
        sample | {"cluster": "2", "weight": 2, "members": 1},
    )
    counts = sample_counts(households(work, written(*rows)))
    scores = scored(counts, Poverty((1,) * 12, 3))
    found = linearized(scores, ALKIRE_FOSTER).set_index("measure")["estimate"]
    assert found.to_dict() == pytest.approx(
        {"incidence": 3 / 6, "intensity": 3 / 12, "adjusted_headcount": 3 / 6 * 3 / 12}
    )
    people = scored(counts, Poverty((1,) * 12, 3, "persons"))
    assert linearized(people, ALKIRE_FOSTER)["estimate"].iloc[0] == pytest.approx(12 / (12 + 4 + 2))


def test_a_file_without_a_design_is_a_simple_random_sample(work, written):
    rows = [{"deprivation_01": 1, "deprivation_02": 1, "deprivation_03": 1}, {}, {}, {}]
    counts = scored(sample_counts(households(work, written(*rows))), Poverty((1,) * 12, 3))
    found = linearized(counts, ALKIRE_FOSTER).iloc[0]
    assert found["standard_error"] == pytest.approx(math.sqrt(0.25 * 0.75 / 3))


def test_the_change_between_two_samples_has_the_error_of_both():
    before, now = of_clusters([1.0, 0, 0, 1]), of_clusters([1.0, 1, 0, 1, 1])
    one, two = (linearized(frame, RATE).iloc[0] for frame in (before, now))
    found = linearized_change(before, now, RATE).iloc[0]
    assert (found["before"], found["now"], found["estimate"]) == pytest.approx((0.5, 0.8, 0.3))
    error = math.hypot(one["standard_error"], two["standard_error"])
    assert found["standard_error"] == pytest.approx(error)
    assert found["high"] - found["estimate"] == pytest.approx(2.364624 * error)  # Student, 9 clusters less 2 strata


def test_the_change_is_that_of_groups_in_both_samples():
    before = of_clusters([1.0, 0, 1, 0], unit_code=["x", "x", "y", "y"])
    found = linearized_change(before, of_clusters([1.0, 1], unit_code="x"), RATE, ["unit_code"])
    assert found["unit_code"].tolist() == ["x"]
    assert found["estimate"].tolist() == [0.5]
