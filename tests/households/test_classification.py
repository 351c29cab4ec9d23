import datetime as dt
from dataclasses import replace

import pandas as pd
import pytest

from giamngheo.households.classification import (
    RefusedClassificationError,
    also_classified,
    classified,
)
from giamngheo.households.counts import alike, both_classes, disagreements
from giamngheo.households.engine import frame, households
from giamngheo.regulation.poverty import indicators, next_standard


def classes(work, path, standard, **options):
    rows = classified(households(work, path), standard, **options)
    return frame(rows, "select class from households order by place")["class"].tolist()


BY_INCOME = [
    ("rural", 1_500_000, 3, "poor"),
    ("rural", 1_500_000, 2, "near_poor"),
    ("rural", 1_500_001, 12, "average"),
    ("rural", 2_250_000, 0, "average"),
    ("rural", 2_250_001, 12, "not_poor"),
    ("urban", 1_500_001, 3, "poor"),
    ("urban", 2_000_000, 2, "near_poor"),
    ("urban", 2_000_001, 3, "average"),
    ("urban", 3_000_000, 0, "average"),
    ("urban", 3_000_001, 0, "not_poor"),
]


def test_income_classifies_on_both_sides_of_every_line(work, written, standard, deprived):
    rows = [{"area": a, "income_vnd": y, **deprived(n)} for a, y, n, _ in BY_INCOME]
    assert classes(work, written(*rows), standard, by="income") == [c for *_, c in BY_INCOME]


BY_SCORE = [
    ("rural", 140, 3, "poor"),
    ("rural", 140, 2, "near_poor"),
    ("rural", 141, 12, "not_poor"),
    ("urban", 175, 3, "poor"),
    ("urban", 175, 0, "near_poor"),
    ("urban", 176, 3, "not_poor"),
]


def test_scores_classify_on_both_sides_of_every_line(work, written, standard, deprived):
    rows = [{"area": a, "b1_score": b, **deprived(n)} for a, b, n, _ in BY_SCORE]
    assert classes(work, written(*rows), standard) == [c for *_, c in BY_SCORE]


BY_THE_NEXT = [
    ("rural", 2_200_000, 3, 0, "poor"),
    ("rural", 2_200_000, 2, 1, "poor"),
    ("rural", 2_200_000, 2, 0, "near_poor"),
    ("rural", 2_200_001, 3, 1, "not_poor"),
    ("urban", 2_800_000, 3, 0, "poor"),
    ("urban", 2_800_001, 3, 0, "not_poor"),
    ("rural", None, 3, 0, None),
    ("rural", 1_000_000, 3, None, None),
]
"""Area, income, how many of the first eleven indicators, waste, class by the standard of 2027."""


def test_the_next_standard_classifies_by_income_and_its_own_indicators(work, written, standard, deprived):
    rows = [{"area": a, "income_vnd": y, **deprived(n), "deprivation_waste": w} for a, y, n, w, _ in BY_THE_NEXT]
    day, following = next_standard(after=dt.date(2026, 12, 31))
    flags = [indicator.earlier_column for indicator in indicators(on=day)]
    found = also_classified(classified(households(work, written(*rows)), standard), following, flags)
    classes = frame(found, "select class_next from households order by place")["class_next"]
    assert [None if pd.isna(one) else one for one in classes] == [entry[-1] for entry in BY_THE_NEXT]


def test_means_of_information_are_no_indicator_of_the_next_standard(work, written, standard, deprived):
    household = {"area": "rural", "income_vnd": 1_000_000, **deprived(2), "deprivation_12": 1, "deprivation_waste": 0}
    day, following = next_standard(after=dt.date(2026, 12, 31))
    flags = [indicator.earlier_column for indicator in indicators(on=day)]
    found = also_classified(classified(households(work, written(household)), standard), following, flags)
    row = frame(found, "select class, class_next from households").iloc[0]
    assert (row["class"], row["class_next"]) == ("poor", "near_poor")


def test_b2_counts_the_deprivations_where_they_are_not_given(work, written, standard):
    path = written({"b2_score": 30}, {"b2_score": 20}, without=("deprivation_01",))
    assert classes(work, path, standard) == ["poor", "near_poor"]


def test_the_other_way_classifies_what_one_way_cannot(work, written, standard):
    path = written({"b1_score": "", "income_vnd": 2_000_000}, {"b1_score": 100, "income_vnd": ""})
    assert classes(work, path, standard, by="score") == ["average", "near_poor"]
    assert classes(work, path, standard, by="income") == ["average", "near_poor"]


def test_disagreements_are_counted_and_average_is_above_the_score(work, written, standard, deprived):
    rows = [
        {"b1_score": 140, "income_vnd": 1_600_000, **deprived(3)},
        {"b1_score": 150, "income_vnd": 1_600_000},
        {"b1_score": 150, "income_vnd": 1_000_000, "members": 6},
        {"b1_score": 150, "income_vnd": 1_000_000},
        {"b1_score": 100, "income_vnd": ""},
    ]
    with alike(classified(households(work, written(*rows)), standard)) as groups:
        found = disagreements(both_classes(groups))
    assert found.values.tolist() == [["average", "poor", 1, 4], ["near_poor", "not_poor", 2, 10]]


def test_scores_without_a_scorecard_are_refused_with_the_reason(work, written, standard):
    later = replace(standard, score_line=None, deprivation_points=None, reference="Nghị định 351/2025")
    rows = households(work, written({"income_vnd": ""}, {}))
    with pytest.raises(RefusedClassificationError, match=r"csv: 1 hộ .*351/2025.*ngưỡng điểm B1.*income_vnd"):
        classified(rows, later)


def test_a_standard_without_scorecard_and_average_line_classifies_by_income(work, written, standard):
    later = replace(standard, score_line=None, average_line_vnd={})
    path = written({"income_vnd": 1_500_000}, {"income_vnd": 1_500_001})
    assert classes(work, path, later) == ["near_poor", "not_poor"]
