"""Units compared over several years: trends, ranks, speed against plan and aim, the minorities' gap, money."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd
from ipywidgets import VBox

from giamngheo.core.paths import located
from giamngheo.regulation import NoRuleInForceError, UnknownRuleError, provision
from giamngheo.regulation.poverty import poverty_standard
from giamngheo.regulation.units import unit as registered
from giamngheo.report.book import Book, curve_of, of_programme
from giamngheo.report.drawing import (
    LIGHT,
    MOST_BARS,
    Line,
    Look,
    Place,
    Series,
    Stroke,
    circle_map,
    figure,
    month_lines,
    sheet,
    stacked_bars,
    year_lines,
)
from giamngheo.report.elements import Column, DataTable, Figure, Marking, Prose
from giamngheo.report.explore.controls import Choices, controls
from giamngheo.report.explore.projections import outlooks_table, projection_errors
from giamngheo.report.language import words
from giamngheo.report.language.numbers import decimal, known_number, percent
from giamngheo.report.parameters import UnknownChoiceError
from giamngheo.report.reading import every_book
from giamngheo.statistics.comparison import (
    UNIT,
    breaks,
    by_year,
    reductions,
    speed,
    year_ends,
    yearly_ranks,
)
from giamngheo.statistics.poverty import RATED, rates
from giamngheo.statistics.ratio import percentage
from giamngheo.statistics.units import units_on
from giamngheo.workbook.history import history, joined
from giamngheo.workbook.schema import choices as of_list

_WORDS = {"poor": "hộ nghèo", "near_poor": "hộ cận nghèo", "multidimensional": "nghèo đa chiều"}
_MOST_LINES = 4
"""Lines that can be told apart without colour."""
_DASHES = ("solid", "dashed", "dotted", "dash-dotted")


@dataclass(frozen=True)
class Comparison:
    """What is compared: of which class, the years, and tables over all workbooks.

    ends: statistics.comparison.year_ends of the units of the level; plans: with `unit`; curves: statistics.forecast, of
    the workbooks and of the file of earlier curves; alike: those of the programme of the newest year; breaks: years of
    another standard than the one before; names: what the unit of each folder is called.
    """

    indicator: str
    years: tuple[int, ...]
    ends: pd.DataFrame
    plans: pd.DataFrame
    curves: pd.DataFrame
    alike: pd.DataFrame
    breaks: Mapping[int, str]
    marking: str
    names: Mapping[str, str]

    def __repr__(self) -> str:
        return f"<giamngheo comparison of {len(self.wide)} units, {self.years[0]}–{self.years[-1]}>"

    @property
    def wide(self) -> pd.DataFrame:
        """The rate of the class with a row a unit and a column a year."""
        return by_year(self.ends, f"{self.indicator}_rate_pct")

    @property
    def since(self) -> int:
        """The first year of the standard of the last one: rates before it do not compare with it."""
        return max(self.breaks, default=self.years[0])


def comparison(
    data: str, *, units: str = "", years: str = "", indicator: str = "multidimensional", level: str = ""
) -> Comparison:
    """Return what is compared in a data folder.

    units: folders with commas between, "" all. years: "2022-2024", "" all. indicator: poor, near_poor or
    multidimensional. level: one of the workbook's that the units have, as "commune"; "" the units that the workbooks
    are of. Raises UnknownChoiceError, GiamngheoError.
    """
    if indicator not in RATED:
        raise UnknownChoiceError("Chỉ tiêu", indicator, RATED)
    books = every_book(data, [name.strip() for name in str(units).split(",") if name.strip()])
    reviews = pd.concat([_reviews(book) for book in books], ignore_index=True)
    levels = [one for one in of_list("level") if reviews["level"].eq(one).any()]
    if level not in ("", *levels):
        raise UnknownChoiceError("Cấp", level, levels)
    own = reviews["is_own"] if level == "" else reviews["level"].eq(level)
    shown = reviews[own].drop_duplicates([*UNIT, "date"], keep="last")
    ends = year_ends(shown)
    asked = _years(str(years), sorted(ends["year"].unique()))
    typed = [curve_of(book).dropna() for book in books]
    curves = joined(*typed, history(located(data)))
    return Comparison(
        indicator=indicator,
        years=tuple(asked),
        ends=ends[ends["year"].isin(asked)].reset_index(drop=True),
        plans=pd.concat([book.data["plans"].assign(unit=book.data.unit) for book in books], ignore_index=True),
        curves=curves,
        alike=of_programme(curves, books[-1].data.catalogue, max(curves["fund_year"], default=0)),
        breaks=breaks(list(asked), _standard),
        marking=next((mark for book in books if (mark := book.data.form.get("marking", ""))), ""),
        names={book.data.unit: _own_name(book) for book in books},
    )


def marking(compared: Comparison) -> Marking:
    """Return what is printed on every page where the figures are made up."""
    return Marking(compared.marking)


def trend_table(compared: Comparison) -> DataTable:
    """Return the rate of each unit at the end of each year, its reduction, and by how much a year."""
    wide = compared.wide
    pace = speed(wide, compared.since)
    frame = _with_names(wide.join(pace[["reduced_pp", "yearly_pp"]]))
    frame = frame.rename(columns={year: f"y{year}" for year in compared.years})
    columns = (
        Column("unit_name", ("Đơn vị",), "text", 2.2),
        *(Column(f"y{year}", ("Tỷ lệ cuối năm", _year_words(compared, year)), "percent") for year in compared.years),
        Column("reduced_pp", ("Giảm", f"Từ năm {compared.since}"), "points"),
        Column("yearly_pp", ("Giảm", "Bình quân năm"), "points"),
    )
    note = " ".join(f"* Năm {year}: theo chuẩn của {name}." for year, name in compared.breaks.items())
    return DataTable(frame, columns, _caption(compared, "Tỷ lệ"), note=note)


def trend_figure(compared: Comparison) -> Figure | Prose:
    """Return the rates as lines, of the units with the highest ones where they are many; breaks of standards marked."""
    wide = compared.wide
    if wide.shape[1] < 2:
        return Prose("")
    chosen = wide.sort_values(wide.columns[-1], ascending=False, kind="stable").head(_MOST_LINES)
    lines = {
        _named(key, wide.index): {int(year): float(value) for year, value in row.dropna().items()}
        for key, row in chosen.iterrows()
    }
    most = f", {_MOST_LINES} đơn vị cao nhất" if len(wide) > _MOST_LINES else ""
    caption = _caption(compared, "Tỷ lệ") + most
    told = "".join(f"; từ năm {year} theo {name}" for year, name in compared.breaks.items())
    alt = f"{caption}{told}: " + "; ".join(
        f"{name} " + ", ".join(f"năm {year} {percent(rate)}" for year, rate in line.items())
        for name, line in lines.items()
    )
    marks = {year: f"chuẩn của {name}" for year, name in compared.breaks.items()}
    with sheet() as axes:
        return figure(year_lines(axes, lines, "Tỷ lệ (%)", marks), alt=alt, caption=caption)


def side_figure(compared: Comparison, year: int = 0) -> Figure | Prose:
    """Return the rates of all units in a year (0: the last) side by side, the highest first, not too many."""
    wide = compared.wide
    ordered = wide[_year(compared, year)].dropna().sort_values(ascending=False, kind="stable").head(MOST_BARS)
    if ordered.empty:
        return Prose("")
    names, labels = [_named(key, wide.index) for key in ordered.index], [percent(rate) for rate in ordered]
    caption = f"{_caption(compared, 'Tỷ lệ', of_years=False)}, cuối năm {_year(compared, year)}"
    series = Series("Tỷ lệ", [float(rate) for rate in ordered], labels, Look(LIGHT))
    with sheet() as axes:
        drawn = stacked_bars(axes, names, [series], "Tỷ lệ (%)")
        return figure(drawn, alt=f"{caption}: {words.pairs(names, labels)}", caption=caption)


def ranks_table(compared: Comparison) -> DataTable:
    """Return the rank of each unit in each year, and how it moved from the first to the last."""
    ranks = yearly_ranks(compared.wide)
    moved = ranks.iloc[:, 0] - ranks.iloc[:, -1]
    frame = _with_names(ranks.assign(moved=moved).sort_values(ranks.columns[-1], kind="stable"))
    frame = frame.rename(columns={year: f"y{year}" for year in ranks})
    frame["moved"] = [_sign(value) for value in frame["moved"]]
    columns = (
        Column("unit_name", ("Đơn vị",), "text", 2.2),
        *(Column(f"y{year}", ("Hạng cuối năm", str(year)), "count", missing="") for year in ranks),
        Column("moved", ("Chuyển hạng",), "code"),
    )
    note = "Hạng 1 là tỷ lệ cao nhất. Chuyển hạng: + là lên hạng cao hơn (nghèo hơn tương đối), − là xuống."
    return DataTable(frame, columns, _caption(compared, "Hạng theo tỷ lệ"), note=note)


def speed_table(compared: Comparison) -> DataTable | Prose:
    """Return by how much the rate fell in each year beside its plan and the nation's aim; empty of a single year."""
    table = reductions(compared.ends, compared.plans, compared.indicator)
    table = table[~table["year"].isin(compared.breaks)].sort_values(["year", *UNIT], kind="stable")
    if table.empty:
        return Prose("")
    aim = provision("poverty/reduction_aim", on=dt.date(max(compared.years[-1], 2022), 12, 31)).value
    columns = (
        Column("year", ("Năm",), "plain", 0.7),
        Column("unit_name", ("Đơn vị",), "text", 2.2),
        Column("before_pct", ("Tỷ lệ", "Đầu năm"), "percent"),
        Column("now_pct", ("Tỷ lệ", "Cuối năm"), "percent"),
        Column("reduced_pp", ("Giảm", "Thực hiện"), "points"),
        Column("planned_pp", ("Giảm", "Kế hoạch"), "points", missing="-"),
        Column("done_pct", ("Đạt kế hoạch",), "percent", missing="-"),
    )
    span = f"{decimal(aim['least_pp'])}–{decimal(aim['most_pp'])}"
    note = f"Mục tiêu chung cả nước: giảm tỷ lệ nghèo đa chiều {span} điểm phần trăm mỗi năm."
    named = _with_names(table.set_index(UNIT))
    return DataTable(named, columns, _caption(compared, "Tốc độ giảm tỷ lệ"), note=note)


def gap_table(compared: Comparison) -> DataTable | Prose:
    """Return the rate of the ethnic minorities less that of the others in each year; empty where it is not known."""
    wide = by_year(compared.ends, f"{compared.indicator}_gap_pp").dropna(how="all")
    if wide.empty:
        return Prose("")
    change = wide.iloc[:, -1] - wide.iloc[:, 0]
    frame = _with_names(wide.assign(change=change)).rename(columns={year: f"y{year}" for year in wide})
    columns = (
        Column("unit_name", ("Đơn vị",), "text", 2.2),
        *(Column(f"y{year}", ("Chênh lệch cuối năm", str(year)), "points", missing="-") for year in wide),
        Column("change", ("Tăng, giảm",), "points", missing="-"),
    )
    note = "Tỷ lệ của hộ dân tộc thiểu số trừ tỷ lệ của các hộ khác, điểm phần trăm."
    return DataTable(frame, columns, _caption(compared, "Chênh lệch dân tộc thiểu số về tỷ lệ"), note=note)


def curves_figure(compared: Comparison, unit: str = "") -> Figure | Prose:
    """Return the cumulative disbursement of a unit (folder; "": the first) by month, a line a year of the funds."""
    found = compared.curves
    folders = sorted(found["unit"].unique())
    if unit and unit not in folders:
        raise UnknownChoiceError("Đơn vị", unit, folders)
    chosen = unit or next((folder for folder in (*compared.names, *folders) if folder in folders), "")
    own = found[found["unit"] == chosen]
    own = own.assign(rate=percentage(own["disbursed_vnd"], own["planned_vnd"])).dropna(subset="rate")
    recent = sorted(own["fund_year"].unique())[-_MOST_LINES:]
    lines = [
        Line(f"Vốn năm {year}", _points(own[own["fund_year"] == year]), Stroke(dash, "circle"), reach=1)
        for year, dash in zip(recent, _DASHES, strict=False)
    ]
    if not lines:
        return Prose("")
    name = compared.names.get(chosen, chosen)
    caption = f"Lũy kế giải ngân theo tháng, {name}, các năm vốn {recent[0]}-{recent[-1]}"
    alt = f"{caption}: " + "; ".join(f"{line.name} {', '.join(map(percent, line.points.values()))}" for line in lines)
    with sheet() as axes:
        drawn = month_lines(axes, lines, "Lũy kế so với kế hoạch vốn (%)", last=12)
        return figure(drawn, alt=alt, caption=caption)


def outlook_table(compared: Comparison) -> DataTable | Prose:
    """Return which units' money lags in the newest year of the funds, and what their year's end may bring."""
    return outlooks_table(compared.alike.replace({"unit": dict(compared.names)}))


def back_test_table(compared: Comparison) -> DataTable | Prose:
    """Return by how much projections of past years' ends were off, by the month that they were made from."""
    return projection_errors(compared.alike)


def places_figure(compared: Comparison, year: int = 0) -> Figure | Prose:
    """Return the units on a map at their centres of the register, in a year (0: the last); empty of fewer than three.

    Those whose place is not known are counted in the caption.
    """
    at = _year(compared, year)
    of_year = compared.ends[compared.ends["year"] == at]
    found = [place for _, row in of_year.iterrows() if (place := _place(row, compared.indicator, at)) is not None]
    if len(found) < 3:
        return Prose("")
    lacking = f"; {len(of_year) - len(found)} đơn vị không có trên bản đồ" if len(of_year) > len(found) else ""
    caption = f"Bản đồ {_caption(compared, 'tỷ lệ', of_years=False)}, cuối năm {at}{lacking}"
    spoken = words.pairs([place.name for place in found], [percent(place.rate) for place in found])
    with sheet() as axes:
        drawn = circle_map(axes, found, ("Số hộ", "Tỷ lệ (%)"))
        return figure(drawn, alt=f"{caption}; vòng tròn to là nhiều hộ, đậm là tỷ lệ cao. {spoken}.", caption=caption)


def explorer(compared: Comparison, year: int = 0) -> VBox:
    """Return lists of classes and years over the bars and the trend; nothing on paper."""
    first = {compared.indicator: _WORDS[compared.indicator]} | _WORDS
    years = [_year(compared, year), *(each for each in reversed(compared.years) if each != _year(compared, year))]
    choices: Choices = {
        "indicator": ("Chỉ tiêu", {said: name for name, said in first.items()}),
        "year": ("Năm", {str(each): each for each in years}),
    }

    def show(indicator: str, year: int) -> tuple[object, ...]:
        chosen = replace(compared, indicator=indicator)
        return side_figure(chosen, year), trend_figure(chosen), trend_table(chosen)

    return controls(show, choices)


def _reviews(book: Book) -> pd.DataFrame:
    """Return the reviews of a workbook with rates, and the units of their days by name and level."""
    reviews = rates(book.data["reviews"])
    parts = []
    for day, of_day in reviews.groupby("date"):
        standing = units_on(book.data["units"], pd.Timestamp(str(day)).date()).drop_duplicates("code", keep="last")
        named = standing.set_index("code")
        codes = of_day["unit_code"]
        parts.append(of_day.assign(unit_name=codes.map(named["name"]), level=codes.map(named["level"])))
    table = pd.concat(parts, ignore_index=True) if parts else reviews.assign(unit_name="", level="")
    return table.dropna(subset="unit_name").assign(
        unit=book.data.unit, is_own=lambda rows: rows["unit_code"] == book.data.form["unit_code"]
    )


def _own_name(book: Book) -> str:
    units = book.data["units"]
    return words.unit_words(units[units["code"] == book.data.form["unit_code"]].iloc[-1])


def _years(asked: str, known: list[int]) -> list[int]:
    first, _, last = asked.partition("-")
    try:
        chosen = [year for year in known if int(first) <= year <= int(last or first)] if asked else known
    except ValueError:
        chosen = []
    if not chosen:
        raise UnknownChoiceError("Các năm", asked, known)
    return chosen


def _year(compared: Comparison, year: int) -> int:
    if year and year not in compared.years:
        raise UnknownChoiceError("Năm", year, compared.years)
    return year or compared.years[-1]


def _standard(day: dt.date) -> str:
    """Return the act of the poverty standard of a day, "" where none is known."""
    try:
        return poverty_standard(on=day).reference
    except NoRuleInForceError:
        return ""


def _place(row: pd.Series, name: str, year: int) -> Place | None:
    try:
        centre = registered(row["unit_code"], on=dt.date(year, 12, 31)).centre
    except (UnknownRuleError, NoRuleInForceError):
        return None
    number, rate = known_number(row[f"{name}_households"]), known_number(row[f"{name}_rate_pct"])
    return Place(row["unit_code"], row["unit_name"], (centre[1], centre[0]), number, rate) if centre else None


def _points(curve: pd.DataFrame) -> dict[float, float]:
    return {float(month): float(rate) for month, rate in zip(curve["month"], curve["rate"], strict=True)}


def _named(key: object, index: pd.Index) -> str:
    """Return the name of a unit of UNIT; with its code where another has the same, and its folder where both are."""
    unit, code, name = map(str, key)  # type: ignore[call-overload]
    names, codes = (index.get_level_values(level) for level in ("unit_name", "unit_code"))
    same = (names == name) & (codes == code)
    if same.sum() > 1:
        return f"{name} ({code}, {unit})"
    return f"{name} ({code})" if (names == name).sum() > 1 else name


def _with_names(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table by UNIT with `unit_name` as _named has it."""
    index = table.index.unique()
    return table.reset_index(drop=True).assign(unit_name=[_named(key, index) for key in table.index])


def _year_words(compared: Comparison, year: int) -> str:
    return f"{year}*" if year in compared.breaks else str(year)


def _sign(moved: object) -> str:
    number = known_number(moved)
    return "" if number is None else f"{number:+.0f}".replace("-", "−").replace("+0", "0")


def _caption(compared: Comparison, what: str, *, of_years: bool = True) -> str:
    first, last = compared.years[0], compared.years[-1]
    span = "" if not of_years else f", năm {first}" if first == last else f", các năm {first}-{last}"
    return f"{what} {_WORDS[compared.indicator]}{span}"
