"""What the report of an annual review knows: the counts of the household file, for the reader it is meant for."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from giamngheo.core.errors import GiamngheoError, WrongUseError
from giamngheo.core.paths import located
from giamngheo.households.classification import By
from giamngheo.households.disclosure.edition import Printed, hidden_of, printed_tables
from giamngheo.households.disclosure.tables import shown_flows, shown_summary
from giamngheo.households.measures.alkire_foster import Poverty
from giamngheo.households.places import LEVELS, counts_at, level_below
from giamngheo.households.review import Method, Review, review
from giamngheo.regulation.own import own_standard
from giamngheo.regulation.poverty import Indicator, indicators
from giamngheo.report.language.words import hidden_note, unit_words
from giamngheo.report.parameters import as_audience, as_written
from giamngheo.statistics.disclosure.stocks import every_flow, smallest_shown
from giamngheo.statistics.disclosure.suppression import Hidden
from giamngheo.workbook.dataset import Dataset
from giamngheo.workbook.read.workbook import read_workbook


class NoHouseholdsHereError(WrongUseError):
    """No household of the file lives in the unit of the report."""

    def __init__(self, name: str) -> None:
        super().__init__(f"Tệp hộ không có hộ nào thuộc {name}; kiểm tra mã đơn vị báo cáo ở trang Thể thức.")


class OtherYearError(GiamngheoError):
    """The household file is of another year than the report."""

    def __init__(self, file: str, day: dt.date, period: str) -> None:
        super().__init__(f"{file} có ngày rà soát {day:%d/%m/%Y}, không thuộc năm {period} của báo cáo.")


class UnitsOfSeveralLevelsError(GiamngheoError):
    """Units of several levels lie directly below one: its review tells lower units than its monthly report."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"Không lập bản công khai rà soát của {name}: đơn vị trực thuộc ở nhiều cấp, báo cáo tháng công khai kể "
            "theo đơn vị khác, ghép hai bản thì tính ra ô đã che. Hãy lập bản nội bộ, hoặc bản công khai "
            "của từng đơn vị."
        )


@dataclass(frozen=True)
class HouseholdFacts:
    """Everything the report of a review is written from.

    by: what was to classify, "score" or "income"; classes: the class counts of the unit, by where its households live;
    unit: code of the reporting unit; below: the level of the units it is shown by, its own where a household is in no
    unit of a lower one; rows: their codes with the unit's own last; printed: all that the report prints in counts;
    hidden: the cells of it that are left out (none internally); summary: printed.summary without them; smallest:
    households below which a cell is not published; files: names of the household file and of that of the review
    before, if there is one.
    """

    data: Dataset
    review: Review
    audience: str
    by: By
    classes: pd.DataFrame
    unit: str
    below: str
    rows: tuple[str, ...]
    names: Mapping[str, str]
    printed: Printed
    summary: pd.DataFrame
    hidden: Hidden
    smallest: int
    files: tuple[str, ...]

    def __repr__(self) -> str:
        return f"<giamngheo facts of {self.unit_name}, {self.review.day}, {self.audience}: {len(self.rows)} rows>"

    @property
    def is_public(self) -> bool:
        """Whether small cells are left out."""
        return self.audience == "public"

    @property
    def hidden_note(self) -> str:
        """What stands under a table of which a public reader may miss a cell."""
        return hidden_note(self.smallest) if self.is_public else ""

    @property
    def has_flows(self) -> bool:
        """Whether the reader sees some of the flows since the review before."""
        return bool(self.flows) and not every_flow(self.unit) <= self.hidden

    @property
    def flows(self) -> Mapping[str, pd.DataFrame]:
        """The flow tables that the reader sees, by class: the public sees those of the whole."""
        if not self.is_public:
            return self.printed.flows
        return {name: shown_flows(table, name, self.hidden) for name, table in self.printed.flows_of_whole.items()}

    @property
    def unit_name(self) -> str:
        """The reporting unit as a sentence names it: "huyện Tu Mơ Rông"."""
        return self.words_of(self.unit)

    def words_of(self, code: str) -> str:
        """Return a unit of the review by its name with what it is."""
        units = self.review.units
        return unit_words(units[units["code"] == code].iloc[-1])

    def given(self, part: str, names: Mapping[str, str]) -> dict[str, str]:
        """Return the entries of a part ("indicator", "group" or "cause") of which the file has a column.

        What it does not tell is not nought.
        """
        prefix, columns = {"indicator": "deprivation", "cause": "cause"}.get(part, ""), self.review.given
        if part == "group":
            return {code: name for code, name in names.items() if code in columns or "household_group" in columns}
        return {code: name for code, name in names.items() if f"{prefix}_{code}" in columns}

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        """The indicators of the standard of the day of the review."""
        return indicators(on=self.review.day)

    @property
    def poverty(self) -> Poverty:
        """Alkire-Foster as the decree counts: every indicator the same, poor from its cut-off on."""
        return Poverty((1.0,) * len(self.indicators), self.review.standard.deprivation_cutoff)


def household_facts(
    file: str,
    workbook: str,
    *,
    before: str = "",
    audience: str = "internal",
    by: By = "score",
    standard: str = "",
    period: str = "",
) -> HouseholdFacts:
    """Return facts of the review in a household file, for the unit that the workbook reports for.

    `before`: the household file of the review before, "" without; `standard`: a province's own, "" for that of the
    data folder, if it has one; `period`: the year that the review must be of, "" of any. Paths are looked for as
    notebooks do (core.paths). Raises OtherYearError, GiamngheoError.
    """
    file, workbook, before, standard = as_written(file, workbook, before, standard)
    audience = as_audience(audience)
    path = located(workbook)
    data = read_workbook(path, path.parent.name, int(path.stem) if path.stem.isdecimal() else 0)
    own = located(standard) if standard else own_standard(path.absolute().parent.parent)
    unit, profiles = data.form["unit_code"], audience == "internal"
    method = Method(data["units"], by=by, own=own, profiles=profiles, unit=unit)
    result = review(located(file), method, before=located(before) if before else None)
    if str(period) not in ("", str(result.day.year)):
        raise OtherYearError(Path(file).name, result.day, str(period))
    facts = _facts(data, result, unit, audience=audience, by=by)
    return replace(facts, files=tuple(Path(name).name for name in (file, before) if name))


def facts_of_unit(facts: HouseholdFacts, unit: str) -> HouseholdFacts:
    """Return the facts of the same review for another unit of it. Raises NoHouseholdsHereError."""
    found = _facts(facts.data, facts.review, unit, audience=facts.audience, by=facts.by)
    return replace(found, files=facts.files)


def _facts(data: Dataset, result: Review, unit: str, *, audience: str, by: By) -> HouseholdFacts:
    tree = result.tree.set_index("unit_code")
    names = result.units.set_index("code")["name"]
    level = result.units.set_index("code")["level"].get(unit, "")
    inside = tree[tree[level] == unit] if level in LEVELS else tree.head(0)
    classes = result.counts.classes
    classes = classes[classes["unit_code"].isin(inside.index)]
    if classes.empty:
        raise NoHouseholdsHereError(str(names.get(unit, unit)))
    below = level_below(result.tree, classes["unit_code"], level)
    printed = printed_tables(result, unit, below, counts_at(classes, result.tree, below))
    smallest = smallest_shown(result.day)
    if audience == "public":
        _refuse_several_levels(result, printed, unit)
    hidden = hidden_of(printed, smallest) if audience == "public" else frozenset()
    return HouseholdFacts(
        data=data,
        review=result,
        audience=audience,
        by=by,
        classes=classes,
        unit=unit,
        below=below,
        rows=tuple(printed.summary["unit_code"]),
        names=dict(names),
        printed=printed,
        summary=shown_summary(printed.summary, hidden) if audience == "public" else printed.summary,
        hidden=hidden,
        smallest=smallest,
        files=(),
    )


def _refuse_several_levels(result: Review, printed: Printed, unit: str) -> None:
    """Raise UnitsOfSeveralLevelsError where a unit that the review tells, or told before, is not directly below."""
    told = [(result.units, printed.summary), (result.units, printed.stocks)]
    told += [(result.before.units, printed.before)] if result.before else []
    for units, table in told:
        parents = units.set_index("code")["parent_code"]
        if any(parents[code] != unit for code in table.get("unit_code", []) if code != unit):
            raise UnitsOfSeveralLevelsError(str(units.set_index("code")["name"][unit]))
