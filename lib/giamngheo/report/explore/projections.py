"""Early warning of money explored: who lags, what the year's end may bring, how far past projections were off."""

import pandas as pd

from giamngheo.core.rounding import rounded
from giamngheo.report import yardsticks
from giamngheo.report.elements import Column, DataTable, Figure, Prose
from giamngheo.report.facts import Facts
from giamngheo.report.language.numbers import day, percent
from giamngheo.report.monthly.outlook import outlook as outlook_text
from giamngheo.report.monthly.outlook import outlook_figure as drawn_outlook
from giamngheo.statistics.forecast import back_test, lagging, outlooks, past_errors, usual_rate
from giamngheo.statistics.funding import TOTAL


def lag_table(report: Facts) -> DataTable | Prose:
    """Return the contents of the year ranked by the money that the usual or the needed pace would have paid by now."""
    lines = report.lines
    own = lines[(lines["fund_year"] == report.year) & (lines["source"] == TOTAL)]
    names = {code: row["short"] for (year, code), row in report.labels.items() if year == report.year}
    return _lag(report, own.assign(name=[f"{code}. {names[code]}" for code in own["project_code"]]), "nội dung")


def unit_lag_table(report: Facts) -> DataTable | Prose:
    """Return the units below ranked the same way; empty where the workbook has no money of theirs."""
    return _lag(report, report.unit_money, "đơn vị")


def outlook(report: Facts) -> Prose:
    """Return what the year's end may bring, as the monthly report says it; empty without enough earlier curves."""
    return outlook_text(report)


def outlook_figure(report: Facts) -> Figure | Prose:
    """Return the same as a figure."""
    return drawn_outlook(report)


def errors_table(report: Facts) -> DataTable | Prose:
    """Return by how much projections of past years' ends were off, from the curves that the report projects by."""
    return projection_errors(report.curves)


def outlooks_table(curves: pd.DataFrame) -> DataTable | Prose:
    """Return where each unit stands in the newest year of the funds and what its end may bring, the slowest first.

    What rests on earlier curves is blank where these are too few; empty without curves.
    """
    if curves.empty:
        return Prose("")
    year = int(curves["fund_year"].max())
    frame = outlooks(curves, year)
    frame["behind_vnd"] = _whole(frame["behind_vnd"])
    columns = (
        Column("unit", ("Đơn vị",), "text", 2),
        Column("month", ("Đến hết tháng",), "count"),
        Column("rate_pct", ("Tỷ lệ", "Đã giải ngân"), "percent"),
        Column("expected_pct", ("Tỷ lệ", "Thường gặp"), "percent", missing="-"),
        Column("behind_vnd", ("Chậm (triệu đồng)",), "money", missing="-"),
        Column("estimate_pct", ("Dự báo hết năm", "Trung vị"), "percent", missing="-"),
        Column("low_pct", ("Dự báo hết năm", "Từ"), "percent", missing="-"),
        Column("high_pct", ("Dự báo hết năm", "Đến"), "percent", missing="-"),
    )
    note = (
        "Thường gặp: trung vị cùng tháng của các đường những năm trước. Chậm: số tiền ít hơn mức đó; số âm là nhanh"
        " hơn. Dự báo, không phải số liệu; khoảng 80%."
    )
    return DataTable(frame, columns, f"Đơn vị giải ngân chậm và dự báo đến hết năm, vốn năm {year}", note=note)


def projection_errors(curves: pd.DataFrame) -> DataTable | Prose:
    """Return by how much projections of past years' ends were off, by the month that they were made from.

    Each is made from curves of earlier years alone; empty where these were too few.
    """
    frame = past_errors(back_test(curves))
    if frame.empty:
        return Prose("")
    columns = (
        Column("month", ("Từ hết tháng",), "count"),
        Column("projections", ("Số dự báo",), "count"),
        Column("median_error_pp", ("Lệch so với thực tế", "Trung vị"), "points"),
        Column("largest_error_pp", ("Lệch so với thực tế", "Nhiều nhất"), "points"),
        Column("within_pct", ("Thực tế nằm trong khoảng 80%",), "percent"),
    )
    note = "Dự báo theo phần vốn còn lại được giải ngân ở các đường của những năm trước năm được dự báo."
    return DataTable(frame, columns, "Kiểm lại dự báo giải ngân cuối năm của các năm trước", note=note)


def _lag(report: Facts, table: pd.DataFrame, what: str) -> DataTable | Prose:
    expected, how = _expected(report)
    found = lagging(table, expected)
    if found.empty:
        return Prose("")
    found["behind_vnd"] = _whole(found["behind_vnd"])
    columns = (
        Column("lag_rank", ("Hạng chậm",), "count", 0.6),
        Column("name", (what.capitalize(),), "text", 3),
        Column("planned_vnd", ("Kế hoạch (triệu đồng)",), "money"),
        Column("disbursed_vnd", ("Đã giải ngân (triệu đồng)",), "money"),
        Column("rate_pct", ("Tỷ lệ",), "percent"),
        Column("behind_pp", ("Chậm so với mức chung", "Điểm %"), "points"),
        Column("behind_vnd", ("Chậm so với mức chung", "Triệu đồng"), "money"),
    )
    caption = (
        f"Giải ngân chậm theo {what}, vốn năm {report.year} của {report.unit} đến ngày {day(report.period.cutoff)}"
    )
    note = f"Mức chung {percent(expected)}: {how}. Hạng 1 là chậm nhiều tiền nhất; số âm là nhanh hơn mức chung."
    return DataTable(found, columns, caption, note=note)


def _whole(vnd: pd.Series) -> pd.Series:
    """Return amounts in whole đồng, as tables have money; blanks stay blank."""
    return vnd.map(lambda amount: int(rounded(amount, 0)), na_action="ignore").astype("Int64")


def _expected(report: Facts) -> tuple[float, str]:
    """Return the rate that is expected by the end of the period, and what it is."""
    month = report.period.month
    usual = usual_rate(report.curves, month)
    if usual is not None:
        return usual, "trung vị cùng tháng của các đường những năm trước"
    aim, months = yardsticks.aim_pct(report.period) or 100.0, month + yardsticks.months_left(report.period)
    return aim * month / months, f"tiến độ đều để đạt {percent(aim)} khi hết hạn giải ngân"
