"""What the report of an annual review knows: the counts of the household file, for the reader it is meant for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import get_args

import pandas as pd

from giamngheo.errors import WrongUseError
from giamngheo.intake.dataset import Dataset
from giamngheo.intake.locate import located
from giamngheo.intake.reader import read_workbook
from giamngheo.regulation.poverty import Indicator, indicators
from giamngheo.report.facts import Audience, UnknownAudienceError
from giamngheo.statistics.households import disclosure
from giamngheo.statistics.households.alkire_foster import Poverty
from giamngheo.statistics.households.classification import By
from giamngheo.statistics.households.places import LEVELS, rolled_up
from giamngheo.statistics.households.review import Method, Review, review
from giamngheo.statistics.households.tables import summary

LEVEL_WORDS = {"village": "thôn", "commune": "xã", "district": "huyện", "province": "tỉnh"}


class NoHouseholdsHereError(WrongUseError):
    """No household of the file lives in the unit of the report."""

    def __init__(self, name: str) -> None:
        super().__init__(f"Tệp hộ không có hộ nào thuộc {name}; kiểm tra mã đơn vị báo cáo ở trang Thể thức.")


@dataclass(frozen=True)
class HouseholdFacts:
    """Everything the report of a review is written from.

    by: what classified, "score" or "income"; unit: code of the reporting unit; below: the level of the units it is
    shown by, rows: their codes with the unit's
    own last; summary: statistics tables.summary of them, hidden: which classes of them are left out (nothing
    internally); counts: class counts by the units below; whole: the unit's own.
    """

    data: Dataset
    review: Review
    audience: str
    by: str
    unit: str
    below: str
    rows: tuple[str, ...]
    names: Mapping[str, str]
    counts: pd.DataFrame
    whole: pd.DataFrame
    summary: pd.DataFrame
    hidden: pd.DataFrame

    @property
    def is_public(self) -> bool:
        """Whether small cells are left out."""
        return self.audience == "public"

    @property
    def unit_name(self) -> str:
        """The reporting unit as a sentence names it: "huyện Tu Mơ Rông"."""
        level = self.review.units.set_index("code")["level"][self.unit]
        return f"{LEVEL_WORDS[level]} {self.names[self.unit]}"

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        """The indicators of the standard of the day of the review."""
        return indicators(on=self.review.day)

    @property
    def poverty(self) -> Poverty:
        """Alkire-Foster as the decree counts: every indicator the same, poor from its cut-off on."""
        return Poverty((1.0,) * len(self.indicators), self.review.standard.deprivation_cutoff)

    def of_unit(self, counts: pd.DataFrame) -> pd.DataFrame:
        """Counts by the units below the reporting one, from the communes up, of counts by the units of the file."""
        rolled = rolled_up(counts, self.review.tree, "commune" if self.below == "village" else self.below)
        return rolled[rolled["unit_code"].isin([*self.rows, self.unit])].reset_index(drop=True)


def household_facts(
    file: str, workbook: str, *, before: str = "", audience: str = "internal", by: By = "score", standard: str = ""
) -> HouseholdFacts:
    """Facts of the review in a household file, for the unit that the workbook reports for.

    `before`: the household file of the review before, "" without; `standard`: a province's own, "" without.
    Paths are looked for as notebooks do (intake.locate). Raises GiamngheoError.
    """
    if audience not in get_args(Audience):
        raise UnknownAudienceError(audience)
    path = located(workbook)
    data = read_workbook(path, path.parent.name, int(path.stem) if path.stem.isdigit() else 0)
    method = Method(data["units"], by=by, own=located(standard) if standard else None)
    result = review(located(file), method, before=located(before) if before else None)
    return _facts(data, result, data.form["unit_code"], audience=audience, by=by)


def facts_of_unit(facts: HouseholdFacts, unit: str) -> HouseholdFacts:
    """The facts of the same review for another unit of it. Raises NoHouseholdsHereError."""
    return _facts(facts.data, facts.review, unit, audience=facts.audience, by=facts.by)


def _facts(data: Dataset, result: Review, unit: str, *, audience: str, by: str) -> HouseholdFacts:
    tree = result.tree.set_index("unit_code")
    names = result.units.set_index("code")["name"]
    level = result.units.set_index("code")["level"].get(unit, "")
    inside = tree[tree[level] == unit] if level in LEVELS else tree.head(0)
    below = next((name for name in reversed(LEVELS[: LEVELS.index(level)]) if (inside[name] != "").any()), level)
    by_unit = rolled_up(result.counts.classes, result.tree, below)
    counts = by_unit[by_unit["unit_code"].isin(inside.index)].reset_index(drop=True)
    if counts.empty:
        raise NoHouseholdsHereError(str(names.get(unit, unit)))
    table = disclosure.with_total(summary(counts, result.day), unit)
    hidden = disclosure.hidden_classes(table)
    is_public = audience == "public"
    return HouseholdFacts(
        data=data,
        review=result,
        audience=audience,
        by=by,
        unit=unit,
        below=below,
        rows=tuple(table["unit_code"]),
        names=dict(names),
        counts=counts,
        whole=counts.drop(columns="unit_code").groupby("class", as_index=False).sum().assign(unit_code=unit),
        summary=disclosure.public_summary(table) if is_public else table,
        hidden=hidden if is_public else hidden & False,
    )
