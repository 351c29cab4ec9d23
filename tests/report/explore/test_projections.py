"""Which contents and units lag, by hand, and the projection with its past errors."""

import pytest

from giamngheo.report.elements import DataTable, Figure, Prose
from giamngheo.report.explore import projections
from tests.report.monthly.changed import demo_report, official_report
from tests.report.monthly.test_outlook import with_curves


def test_contents_are_ranked_by_the_money_that_lags() -> None:
    """Without earlier curves the pace is even: 95 % after 13 months, 95 x 8/13 = 58,46 % after eight."""
    table = projections.lag_table(official_report())
    assert isinstance(table, DataTable)
    assert "Mức chung 58,46%: tiến độ đều để đạt 95,00% khi hết hạn giải ngân" in table.note
    frame = table.frame
    assert frame["lag_rank"].tolist() == sorted(frame["lag_rank"])
    first = frame.iloc[0]
    assert first["name"].startswith("1.1. ")
    assert first["behind_vnd"] == round(46_440_000_000 * 0.95 * 8 / 13 - 4_569_482_000)
    assert projections.unit_lag_table(official_report()) == Prose("")


def test_with_earlier_curves_the_usual_rate_of_the_month_counts() -> None:
    table = projections.lag_table(with_curves("2024-08", (2023,)))
    assert isinstance(table, DataTable)
    assert "Mức chung 20,00%: trung vị cùng tháng" in table.note
    row = table.frame.iloc[-1]
    assert row["behind_pp"] == pytest.approx(20 - row["rate_pct"])


def test_the_projection_stands_with_the_errors_of_the_past() -> None:
    facts = with_curves("2024-08", (2022, 2023))
    assert "Dự báo, không phải số liệu" in projections.outlook(facts).markdown
    assert isinstance(projections.outlook_figure(facts), Figure)
    (row,) = projections.errors_table(facts).frame.to_dict("records")
    assert (row["month"], row["projections"], row["median_error_pp"]) == pytest.approx((8, 10, 20))
    assert projections.errors_table(demo_report("2024-08")) == Prose("")
