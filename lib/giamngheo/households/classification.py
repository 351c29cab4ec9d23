"""Households classified by the poverty standard in force: by income, or by the scores of form B.

Source: Decree 07/2021/NĐ-CP, article 3; Circular 07/2021/TT-BLĐTBXH, form B.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

import pandas as pd

from giamngheo.households.engine import Households, frame, with_columns, within
from giamngheo.households.file.schema import CLASS, HouseholdFileError, deprivation_columns
from giamngheo.regulation.poverty import Standard

By = Literal["score", "income"]


class RefusedClassificationError(HouseholdFileError):
    """The standard in force does not say how these households are classified."""


def classified(rows: Households, standard: Standard, *, by: By = "score") -> Households:
    """Add the classes to rows that were checked: class_by_score, class_by_income, class, is_low and deprivation_count.

    `is_low` are the poor and the near-poor of `class`. `class` is that of `by`, and of the other way where a household
    lacks what `by` needs. The scores alone do not tell average from not poor: of those above the score, the income
    does, where given. Where no scorecard is in force, raises RefusedClassificationError, with the reason, for
    households that give no income.
    """
    by_score, by_income = within("b1_score", standard.score_line), within("income_vnd", standard.income_line_vnd)
    first, second = (by_score, by_income) if by == "score" else (by_income, by_score)
    average = f"not {by_income} and {within('income_vnd', standard.average_line_vnd)}"
    above = f"case when {average} then {_named('average')} else {_named('not_poor')} end"
    count = f"coalesce({_deprivations(standard)})"
    poor = f"{count} >= {standard.deprivation_cutoff}"
    low = f"coalesce({first}, {second})"
    columns = {
        "deprivation_count": count,
        "is_low": low,
        "class_by_score": _class(by_score, poor, _named("not_poor")),
        "class_by_income": _class(by_income, poor, above),
        "class": _class(low, poor, above),
    }
    result = with_columns(rows, columns)
    return result if standard.score_line is not None else _complete(result, standard)


def also_classified(rows: Households, standard: Standard, flags: Sequence[str]) -> Households:
    """Add class_next to rows: the class by a standard that is not in force yet, by income.

    flags: the columns that tell of its indicators. Blank where a household gives no income or not all of them: no
    scorecard is taken over from another standard.
    """
    by_income = within("income_vnd", standard.income_line_vnd)
    poor = f"{' + '.join(flags)} >= {standard.deprivation_cutoff}"
    return with_columns(rows, {"class_next": _class(by_income, poor, _named("not_poor"))})


def otherwise(classes: pd.DataFrame, by: By) -> int:
    """Return how many households of class counts lack what `by` needs, so that the other way classified them."""
    return int(classes["households"].sum() - classes[f"{by}_households"].sum())


def way(classes: pd.DataFrame, by: By) -> Literal["score", "income", "both"]:
    """Return by what the households of class counts were classified."""
    other = otherwise(classes, by)
    if other == 0:
        return by
    if other < classes["households"].sum():
        return "both"
    return OTHER_WAY[by]


WAYS: Mapping[str, str] = {"score": "điểm B1, B2", "income": "thu nhập"}

LACKS: Mapping[By, str] = {"score": "không có điểm B1", "income": "không ghi thu nhập"}
"""What a household lacks that the other way classifies."""


def notes_on_way(classes: pd.DataFrame, standard: Standard, by: By, *, has_scores: bool) -> Iterator[str]:
    """Yield what a reader would not expect of how the households of a file were classified.

    has_scores: whether the file has a column of B1.
    """
    other, all_households = otherwise(classes, by), int(classes["households"].sum())
    if standard.score_line is None and has_scores:
        yield f"điểm B1 không dùng để phân loại: {standard.reference} không có ngưỡng điểm; phân loại bằng thu nhập"
    elif standard.score_line is not None and other:
        yield f"{other} trong {all_households} hộ {LACKS[by]}, phân loại bằng {WAYS[OTHER_WAY[by]]}"


def note_on_ways(now: pd.DataFrame, before: pd.DataFrame, by: By) -> Iterator[str]:
    """Yield a note where the households of two reviews were classified by other ways."""
    is_way, was_way = way(now, by), way(before, by)
    if {is_way, was_way} == set(WAYS):
        kinds = f"kỳ này bằng {WAYS[is_way]}, kỳ trước bằng {WAYS[was_way]}"
        yield f"hai kỳ phân loại theo hai cách ({kinds}): diễn biến gồm cả thay đổi do cách phân loại"


OTHER_WAY: Mapping[By, By] = {"score": "income", "income": "score"}


def _deprivations(standard: Standard) -> str:
    total = " + ".join(deprivation_columns())
    points = standard.deprivation_points or "null"
    return f"{total}, (b2_score / {points})::integer"


def _class(low: str, poor: str, above: str) -> str:
    """Return the SQL of a class, from conditions on income or score and on deprivations, and the class above the line.

    The deprivations are counted within, for in its own column they would be for the many above the line too.
    """
    below = f"case {poor} when true then {_named('poor')} when false then {_named('near_poor')} end"
    return f"case {low} when true then {below} when false then {above} end"


def _named(name: str) -> str:
    return f"'{name}'::{CLASS}"


def _complete(rows: Households, standard: Standard) -> Households:
    left = frame(
        rows,
        "select count(*) as households, count(b1_score) as scored from households where class is null",
    ).iloc[0]
    if left["households"] == 0:
        return rows
    reason = f"{rows.name}: {left['households']} hộ không phân loại được theo {standard.reference}"
    if left["scored"]:
        reason += ": chưa có ngưỡng điểm B1 (score_line) cho chuẩn này, cần thu nhập (income_vnd) của từng hộ"
    raise RefusedClassificationError(reason + ".")
