"""Whole numbers of households, counted by unit: what every table and measure is made of.

Counts of two parts of a country add up to the counts of both, so a part may be counted anywhere.
"""

from collections.abc import Iterable, Mapping, Set
from contextlib import AbstractContextManager
from dataclasses import dataclass

import pandas as pd

from giamngheo.households.engine import Households, frame, kept
from giamngheo.households.file.schema import (
    CLASSES,
    HouseholdFileError,
    cause_columns,
    deprivation_columns,
    household_choices,
)

UNIT_CLASS = ("unit_code", "class")

_ALIKE = (*UNIT_CLASS, "class_by_income", "class_by_score", "ethnic_group", "ethnic_minority", "household_group")

PATTERN = ("unit_code", "pattern")


class UnknownDeprivationsError(HouseholdFileError):
    """The file has only B2 of some households, which does not say of what they are deprived."""

    def __init__(self, name: str, households: int) -> None:
        super().__init__(
            f"{name}: {households} hộ chỉ có điểm B2, không biết thiếu hụt chỉ số nào; cần ghi đủ các cột "
            "deprivation_01 … để tính theo từng chỉ số."
        )


@dataclass(frozen=True)
class ReviewCounts:
    """All that the tables and measures of a review need: class, ethnicity and pattern counts."""

    classes: pd.DataFrame
    ethnicity: pd.DataFrame
    patterns: pd.DataFrame


def alike(rows: Households) -> AbstractContextManager[Households]:
    """Keep, as long as the block lasts, one row for all households that are alike in unit, classes, people and group.

    Columns: unit_code, class, class_by_income, class_by_score, ethnic_group, ethnic_minority, household_group,
    households, persons, deprivations, income_households.
    """
    sums = "sum(deprivation_count) as deprivations, count(income_vnd) as income_households"
    return kept(rows, f"select {', '.join(_ALIKE)}, {_size()}, {sums} from households group by all")


def review_counts(rows: Households, groups: Households, bases: pd.DataFrame) -> ReviewCounts:
    """Return the counts of a review; no patterns by `base` where the file gives B2 in place of deprivations.

    `groups` are the rows that are `alike`; `bases` maps unit_code to `base`, as for pattern_counts.
    """
    known = set(deprivation_columns()) <= rows.given
    patterns = pattern_counts(rows, bases) if known else pd.DataFrame(columns=[*PATTERN, "households", "persons"])
    return ReviewCounts(class_counts(rows, groups), ethnicity_counts(groups), patterns)


def class_counts(rows: Households, groups: Households) -> pd.DataFrame:
    """Return counts of classified households by unit_code and class, both categories, one row each.

    `groups` are the rows that are `alike`.
    Columns: unit_code, class, households, persons, deprivations (of all indicators), income_households (that give
    their income), score_households (that have a class by scores), ethnic_minority_households and _persons,
    {group}_households, and, of the POOR_CLASSES only and nought in other rows, deprivation_NN_households,
    cause_X_households, no_group_households and no_cause_households (a cell of what the file tells of it is blank).
    """
    sizes, flags = _sizes(), _flags(rows.given)
    counted = frame(
        rows,
        f", alike as ({groups.select(frozenset())}), "
        f"sized as (select unit_code, class, {_sums(sizes)} from alike group by all), "
        f"flagged as (select unit_code, class, {_sums(flags)} from households where is_low group by all) "
        f"select unit_code, sized.class, {', '.join(sizes)}, "
        f"{', '.join(f'coalesce({name}, 0) as {name}' for name in flags)} "
        "from sized left join flagged using (unit_code, class) order by unit_code, sized.class::varchar",
    )
    return _in_categories(counted, UNIT_CLASS)


def stock_counts(rows: Households) -> pd.DataFrame:
    """Return as many counts by unit_code and class (both categories) as tables.summary needs.

    Columns: unit_code, class, households, persons, ethnic_minority_households, income_households, score_households.
    """
    counted = frame(
        rows,
        f"select unit_code, class, {_size()}, sum(ethnic_minority)::bigint as ethnic_minority_households, "
        "count(income_vnd) as income_households, count(class_by_score) as score_households "
        "from households group by all order by all",
    )
    return _in_categories(counted, UNIT_CLASS)


def ethnicity_counts(groups: Households) -> pd.DataFrame:
    """Count households and persons of the rows `alike` by unit_code, class and ethnic_group ("" where there is none).

    The three are categories.
    """
    counted = frame(
        groups,
        ", peoples as (select unit_code, class, coalesce(ethnic_group, '') as ethnic_group, "
        f"{_sum('households')} as households, {_sum('persons')} as persons from households group by all) "
        "from peoples order by unit_code, class::varchar, ethnic_group",
    )
    return _in_categories(counted, (*UNIT_CLASS, "ethnic_group"))


def both_classes(groups: Households) -> pd.DataFrame:
    """Count the households, of the rows `alike`, that have a class by income and one by scores.

    Columns: unit_code (a category), class_by_income, class_by_score, households, persons.
    """
    sides = "class_by_income::varchar as class_by_income, class_by_score::varchar as class_by_score"
    counted = frame(
        groups,
        f"select unit_code, {sides}, {_sum('households')} as households, {_sum('persons')} as persons "
        "from households where class_by_income is not null and class_by_score is not null group by all order by all",
    )
    return counted.assign(unit_code=pd.Categorical(counted["unit_code"]))


def disagreements(both: pd.DataFrame) -> pd.DataFrame:
    """Return the households of both_classes that income and scores put on different sides of the line.

    Columns: class_by_income, class_by_score, households, persons; one row a pair that differs.
    """
    pairs = both.groupby(["class_by_income", "class_by_score"], as_index=False)[["households", "persons"]].sum()
    differs = pairs["class_by_income"].replace("average", "not_poor") != pairs["class_by_score"]
    return pairs[differs].reset_index(drop=True)


def profile_counts(rows: Households) -> pd.DataFrame:
    """Count the poor and the near-poor by class, people, group and cause of poverty; a household may have several.

    `rows` are classified. Columns: unit_code (a category), class, ethnic_group ("" where there is none),
    household_group, households and cause_X_households.
    """
    causes = {f"{name}_households": name for name in cause_columns()}
    counted = frame(
        rows,
        "select unit_code, class::varchar as class, coalesce(ethnic_group, '') as ethnic_group, "
        f"coalesce(household_group, '') as household_group, count(*) as households, {_sums(causes)} "
        "from households where is_low group by all order by all",
    )
    return counted.assign(unit_code=pd.Categorical(counted["unit_code"]))


def standards_counts(rows: Households) -> pd.DataFrame:
    """Count the households of rows with class_next by unit_code (a category), class and class_next, "" where blank."""
    of_next = "coalesce(class_next::varchar, '') as class_next"
    counted = frame(
        rows,
        f"select unit_code, class::varchar as class, {of_next}, {_size()} from households group by all order by all",
    )
    return _in_categories(counted, ("unit_code",))


def pattern_counts(rows: Households, bases: pd.DataFrame) -> pd.DataFrame:
    """Count households and persons by unit_code (a category) and `pattern` of deprivations, for Alkire-Foster measures.

    `bases` maps each unit_code to its `base`, by whose code the households are counted: its commune, or itself.
    Bit i of the pattern is the i-th indicator. Raises UnknownDeprivationsError where a household has only B2.
    """
    codes, names = pd.factorize(bases["base"], sort=True)
    numbered = pd.DataFrame({"unit_code": bases["unit_code"], "number": codes})
    counted = frame(
        rows,
        f"select number, {deprivation_pattern()} as pattern, {_size()} "
        "from households join numbered using (unit_code) group by all order by number, pattern",
        numbered=numbered,
    )
    if counted["pattern"].isna().any():
        raise UnknownDeprivationsError(rows.name, int(counted.loc[counted["pattern"].isna(), "households"].sum()))
    counted.insert(0, "unit_code", pd.Categorical.from_codes(counted.pop("number"), names))
    return counted.astype({"pattern": "int64"})


def deprivation_pattern() -> str:
    """Return the SQL of a household's pattern: bit i is its i-th deprivation."""
    bits = (f"{name}::integer * {1 << i}" for i, name in enumerate(deprivation_columns()))
    return f"({' + '.join(bits)})"


def _in_categories(counts: pd.DataFrame, keys: Iterable[str]) -> pd.DataFrame:
    """Return the counts with their keys as categories, in alphabetical order: they add up faster than texts."""
    known = {"class": sorted(CLASSES)}
    return counts.assign(**{name: pd.Categorical(counts[name], known.get(name), ordered=False) for name in keys})


def _sizes() -> dict[str, str]:
    """Return what is counted of all households: the SQL of what a row of `alike` adds, by name."""
    groups = household_choices("group")
    return {
        **{name: name for name in ("households", "persons", "deprivations")},
        "ethnic_minority_persons": "persons * ethnic_minority",
        "income_households": "income_households",
        "score_households": "households * (class_by_score is not null)::tinyint",
        "ethnic_minority_households": "households * ethnic_minority",
        **{f"{name}_households": f"households * (household_group = '{name}')::tinyint" for name in groups},
    }


def _flags(given: Set[str]) -> dict[str, str]:
    """Return what else is counted of the poor and the near-poor: the SQL of what a household adds, by name.

    given: the columns of the file.
    """
    parts = {"group": ("household_group",), "cause": cause_columns()}
    told = {part: [f"{name} is null" for name in columns if name in given] for part, columns in parts.items()}
    blanks = {part: f"({' or '.join(columns) or 'false'})::tinyint" for part, columns in told.items()}
    return {
        **{f"{name}_households": name for name in (*deprivation_columns(), *cause_columns())},
        **{f"no_{part}_households": blank for part, blank in blanks.items()},
    }


def _sums(numbers: Mapping[str, str]) -> str:
    return ", ".join(f"{_sum(number)} as {name}" for name, number in numbers.items())


def _sum(number: str) -> str:
    """Return the SQL of a sum of whole numbers, 0 of blanks. Summing flags is faster than filtering by them."""
    return f"coalesce(sum({number}), 0)::bigint"


def _size() -> str:
    return "count(*) as households, sum(members)::bigint as persons"
