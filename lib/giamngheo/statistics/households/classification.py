"""Households classified by the poverty standard in force: by income, or by the scores of form B.

Source: Decree 07/2021/NĐ-CP, article 3; Circular 07/2021/TT-BLĐTBXH, form B.
"""

from collections.abc import Mapping
from typing import Literal

from giamngheo.errors import GiamngheoError
from giamngheo.intake.household_schema import deprivation_columns
from giamngheo.regulation.poverty import Standard
from giamngheo.statistics.households.engine import Households, frame, narrowed

By = Literal["score", "income"]

CLASSES = ("poor", "near_poor", "average", "not_poor")

CLASS = f"enum{CLASSES}"
"""The type of a class in SQL: compared and grouped as a small number."""


class RefusedClassificationError(GiamngheoError):
    """The standard in force does not say how these households are classified."""


def classified(rows: Households, standard: Standard, *, by: By = "score") -> Households:
    """The rows, known to be good, with class_by_score, class_by_income, class and deprivation_count.

    `class` is that of `by`, and of the other way where a household lacks what `by` needs. The
    scores alone do not tell average from not poor: of those above the score, the income does, where given. Where no
    scorecard is in force, raises RefusedClassificationError, with the reason, for households that give no income.
    """
    order = ("class_by_score", "class_by_income")
    first, second = order if by == "score" else order[::-1]
    counted = narrowed(
        rows,
        f"select *, coalesce({_deprivations(standard)}) as deprivation_count from households",
    )
    both = narrowed(
        counted,
        f"select *, {_by_score(standard)} as class_by_score, {_by_income(standard)} as class_by_income from households",
    )
    chosen = f"coalesce({first}, {second})"
    if by == "score":
        average = "class_by_score = 'not_poor' and class_by_income = 'average'"
        chosen = f"case when {average} then {_named('average')} else {chosen} end"
    result = narrowed(both, f"select *, {chosen} as class from households")
    return result if standard.score_line is not None else _complete(result, standard)


def _deprivations(standard: Standard) -> str:
    total = " + ".join(deprivation_columns())
    points = standard.deprivation_points or "null"
    return f"{total}, (b2_score / {points})::integer"


def _by_income(standard: Standard) -> str:
    line, average = standard.income_line_vnd, standard.average_line_vnd
    above = f"case when income_vnd <= {_of_area(average)} then {_named('average')} else {_named('not_poor')} end"
    return _class(f"income_vnd <= {_of_area(line)}", standard, above if average else _named("not_poor"))


def _by_score(standard: Standard) -> str:
    if standard.score_line is None:
        return f"null::{CLASS}"
    return _class(f"b1_score <= {_of_area(standard.score_line)}", standard, _named("not_poor"))


def _class(low: str, standard: Standard, above: str) -> str:
    """A class from one condition on income or its score, and the count of deprivations."""
    poor = f"deprivation_count >= {standard.deprivation_cutoff}"
    below = f"case {poor} when true then {_named('poor')} when false then {_named('near_poor')} end"
    return f"case {low} when true then {below} when false then {above} end"


def _named(name: str) -> str:
    return f"'{name}'::{CLASS}"


def _of_area(values: Mapping[str, int]) -> str:
    cases = " ".join(f"when '{area}' then {value}" for area, value in values.items())
    return f"(case area {cases} end)"


def _complete(rows: Households, standard: Standard) -> Households:
    left = frame(
        rows,
        "select count(*) as households, count(b1_score) as scored from households where class is null",
    ).iloc[0]
    if left["households"] == 0:
        return rows
    reason = f"{left['households']} hộ không phân loại được theo {standard.reference}"
    if left["scored"]:
        reason += ": chưa có phiếu điểm B1 cho chuẩn này, cần thu nhập (income_vnd) của từng hộ"
    raise RefusedClassificationError(reason + ".")
