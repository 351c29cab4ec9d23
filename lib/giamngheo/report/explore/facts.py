"""What is explored: the reviews of a household file and of the one before, for internal work."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from giamngheo.core.paths import located
from giamngheo.households.classification import By
from giamngheo.households.engine import households, narrowed, workspace
from giamngheo.households.measures.income import reach_counts
from giamngheo.households.measures.samples import Sample, sample
from giamngheo.report.parameters import UnknownChoiceError, as_code, as_written
from giamngheo.report.review.facts import HouseholdFacts, facts_of_unit, household_facts

FACTORS = (0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3, 1.4, 1.5)
"""By what the income lines are multiplied in "what if"."""


@dataclass(frozen=True)
class Exploration:
    """What is explored: by year the facts of its review, how far households are above the lines, the sample measures.

    lines: income.reach_counts; samples: of the households of the reporting unit.
    """

    years: Mapping[int, HouseholdFacts]
    lines: Mapping[int, pd.DataFrame]
    samples: Mapping[int, Sample]

    def __repr__(self) -> str:
        return f"<giamngheo exploration of {', '.join(map(str, self.years))}>"


def exploration(file: str, workbook: str, *, before: str = "", by: By = "score") -> Exploration:
    """Return the reviews of a household file and of the one before, for internal work. Raises GiamngheoError."""
    file, before = as_written(file, before)
    given = {file: before} | ({before: ""} if before else {})
    found = {name: household_facts(name, workbook, before=past, by=by) for name, past in given.items()}
    explored = Exploration({facts.review.day.year: facts for facts in found.values()}, {}, {})
    for name, facts in found.items():
        year, standard = facts.review.day.year, facts.review.standard
        with workspace() as work:
            rows = narrowed(households(work, located(name)), _inside(facts))
            explored = replace(
                explored,
                lines={**explored.lines, year: reach_counts(rows, standard, FACTORS)},
                samples={**explored.samples, year: sample(rows, standard)},
            )
    return explored


def patterns_of(explored: Exploration, year: int, unit: str = "") -> pd.DataFrame:
    """Return counts by pattern of the units below one and of itself, weighted where the file is a sample.

    Empty where the file has B2 only. Those of a sample have its strata and clusters, and under the unit_code "" what
    is outside the unit, which counts in its errors.
    """
    facts, drawn = of_year(explored, year, unit), explored.samples[year]
    if not drawn.is_drawn or drawn.counts.empty:
        return facts.printed.patterns
    tree = facts.review.tree.set_index("unit_code")
    level = facts.review.units.set_index("code")["level"][facts.unit]
    codes = drawn.counts["unit_code"]
    inside = codes.map(tree[level]).eq(facts.unit)
    whole = drawn.counts.assign(unit_code=np.where(inside, facts.unit, ""))
    below = codes.map(tree[facts.below])
    parts = drawn.counts.assign(unit_code=below)[inside & below.ne(facts.unit) & below.ne("")]
    return pd.concat([parts, whole], ignore_index=True)


def unweighted_note(explored: Exploration, year: int) -> str:
    """Return what stands under a table that counts the households of a sample as they are; "" of a full review."""
    return "Số hộ có trong tệp mẫu, chưa nhân quyền số." if explored.samples[year].is_drawn else ""


def _inside(facts: HouseholdFacts) -> str:
    """Return the query of the households of the reporting unit."""
    tree, level = facts.review.tree, facts.review.units.set_index("code")["level"][facts.unit]
    codes = (code.replace("'", "''") for code in tree.loc[tree[level] == facts.unit, "unit_code"])
    listed = ", ".join(f"'{code}'" for code in codes)
    return f"select * from households where unit_code in ({listed})"


def unit_choices(facts: HouseholdFacts) -> dict[str, str]:
    """Return the reporting unit and those below it by what a list calls them; the code tells two of one name apart."""
    codes = [facts.unit, *(code for code in facts.rows if code != facts.unit)]
    words = {code: facts.words_of(code) for code in codes}
    twice = Counter(words.values())
    return {f"{words[code]} ({code})" if twice[words[code]] > 1 else words[code]: code for code in codes}


def of_year(explored: Exploration, year: int, unit: str = "") -> HouseholdFacts:
    """Return the facts of a year and unit, "" the reporting one. Raises UnknownChoiceError, NoHouseholdsHereError."""
    if year not in explored.years:
        raise UnknownChoiceError("Năm", year, list(explored.years))
    facts = explored.years[year]
    unit = as_code(unit, set(facts.names))
    return facts_of_unit(facts, unit) if unit not in {"", facts.unit} else facts
