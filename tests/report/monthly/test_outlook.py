"""What the year's end may bring: said only where earlier curves are enough, with the errors of past projections."""

from functools import cache

import pandas as pd

from giamngheo.regulation.programme import Catalogue
from giamngheo.report import facts, monthly
from giamngheo.report.book import of_programme
from giamngheo.report.elements import Figure, Prose
from giamngheo.report.facts import Facts
from giamngheo.report.monthly.outlook import projected_figures
from tests.report.monthly.changed import demo_report, official_report, said


def ten_curves_of(years: tuple[int, ...]) -> pd.DataFrame:
    """Ten curves a year: 20 % at the end of August, and 28 %, 36 % … 100 % at the year's end."""
    rows = [
        (f"u{number}", year, month, 1_000, disbursed)
        for year in years
        for number in range(10)
        for month, disbursed in ((8, 200), (12, 280 + 80 * number))
    ]
    curves = pd.DataFrame(rows, columns=["unit", "fund_year", "month", "planned_vnd", "disbursed_vnd"])
    return curves.astype({"planned_vnd": "Int64", "disbursed_vnd": "Int64"})


@cache
def with_curves(period: str, years: tuple[int, ...]) -> Facts:
    """The demo district with ten curves a year and without those of its own."""
    return facts.with_curves(demo_report(period), ten_curves_of(years), None)


def test_the_projection_is_said_with_its_band_and_the_aim() -> None:
    """At 29,50 % the median of 10 %, 20 % … 100 % of the rest, and the outermost of them: 55 %, 10 %, 100 %."""
    text = said(monthly.outlook(with_curves("2024-08", (2023,))))
    assert text.startswith("Dự báo, không phải số liệu: nếu phần vốn năm 2024 còn lại")
    assert "10 đường lũy kế của năm 2023 (10 đơn vị)" in text
    assert "khoảng 68,28% kế hoạch vốn đã giao, trong khoảng từ 36,55% đến 100% (mức tin cậy 80%)" in text
    assert text.endswith("mục tiêu là 95%.")


def test_errors_of_past_projections_are_said() -> None:
    """From 2022 each of 2023 was projected to 20 + 0,55 x 80 = 64 %: 4 to 36 points from what came true."""
    text = said(monthly.outlook(with_curves("2024-08", (2022, 2023))))
    assert "cho 10 đường của các năm trước, cũng từ hết tháng 8" in text
    assert text.endswith("trung vị 20,00%, nhiều nhất 36,00%.")


def test_the_figure_tells_the_same() -> None:
    drawn = monthly.outlook_figure(with_curves("2024-08", (2023,)))
    assert isinstance(drawn, Figure)
    assert drawn.alt.endswith("hết tháng 8 29,50%; dự báo hết tháng 12 68,28%, từ 36,55% đến 100%.")
    assert ">Khoảng dự báo 80%<" in drawn.svg
    assert ">36,55%<" in drawn.svg


def test_the_annex_says_where_a_projection_comes_from() -> None:
    told = projected_figures(with_curves("2024-08", (2022, 2023)))
    assert [(name, kind, round(number, 2)) for name, kind, number, _ in told] == [
        ("Dự báo giải ngân đến hết năm", "percent", 68.28),
        ("Dự báo thấp nhất", "percent", 36.55),
        ("Dự báo cao nhất", "percent", 100),
        ("Mức tin cậy của dự báo", "aim", 80),
        ("Sai số trung vị của dự báo", "points", 20),
        ("Sai số lớn nhất của dự báo", "points", 36),
    ]
    assert sum("20 đường lũy kế của tệp disbursement_history.csv" in source for *_, source in told) == len(told) - 1


def test_nothing_is_projected_from_too_few_curves_at_the_years_end_or_from_another_programme() -> None:
    for found in (
        official_report(),
        demo_report("2024-08"),
        with_curves("2024-12", (2023,)),
        with_curves("2024-08", (2021,)),
    ):
        assert monthly.outlook(found) == monthly.outlook_figure(found) == Prose("")


def test_curves_are_of_the_programme_that_funds_of_the_year_belong_to() -> None:
    """The programme of 2021-2025 has funds from 2022 on, the next one from 2026 on."""
    curves = ten_curves_of((2021, 2022, 2025, 2026, 2027))
    for year, same in ((2024, {2022, 2025}), (2026, {2026, 2027}), (2020, {2021})):
        assert set(of_programme(curves, Catalogue(), year)["fund_year"]) == same
