"""Which contents and units lag, by hand, and the projection with its past errors."""

import pandas as pd
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


def test_money_is_rounded_half_up() -> None:
    """At the end of August 50 % were usual: a lags by 2,5 đồng, b by 0,5, and c is ahead by 0,5."""
    paid = [(f"u{at}", 2023, month, 100, 50 * month // 8) for at in range(9) for month in (8, 12)]
    now = [("a", 2024, 8, 5, 0), ("b", 2024, 8, 7, 3), ("c", 2024, 8, 7, 4)]
    columns = ["unit", "fund_year", "month", "planned_vnd", "disbursed_vnd"]
    curves = pd.DataFrame([*paid, *now], columns=columns).astype({"planned_vnd": "Int64", "disbursed_vnd": "Int64"})
    table = projections.outlooks_table(curves)
    assert isinstance(table, DataTable)
    assert table.frame.set_index("unit")["behind_vnd"].to_dict() == {"a": 3, "b": 1, "c": -1}
    few = projections.outlooks_table(curves[curves["fund_year"] == 2024])
    assert isinstance(few, DataTable)
    assert few.frame["behind_vnd"].isna().all()


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
