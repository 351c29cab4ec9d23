"""Who left, fell back, is new, moved: the two official flow tables, from the files of two years.

Source of the layout: Decision 24/2021/QĐ-TTg. A household is the same household when its id is; ids
are compared inside the engine and do not leave it.
"""

import datetime as dt

import pandas as pd

from giamngheo.statistics.households.classification import CLASSES
from giamngheo.statistics.households.engine import Households, frame

OTHER_CLASS = {"poor": "near_poor", "near_poor": "poor"}

FLOWS = (
    "opening",
    "left",
    "left_to_other_class",
    "left_above",
    "other_decrease",
    "entered_from_other_class",
    "fell_back",
    "new",
    "other_increase",
    "closing",
)

_PAIRS = """
select b.unit_code as from_unit, b.class as from_class, b.previous_class,
       n.unit_code as to_unit, n.class as to_class, b.members as members_before, n.members as members_now
from before b full outer join households n on b.household_id = n.household_id
"""

_CLASS = f"enum('', {', '.join(repr(name) for name in CLASSES)})"

_TRANSITIONS = f"""
select coalesce(u.number, 0) as from_unit, coalesce(from_class, '')::{_CLASS} as from_class,
       coalesce(previous_class, '')::{_CLASS} as previous_class,
       coalesce(v.number, 0) as to_unit, coalesce(to_class, '')::{_CLASS} as to_class,
       count(*) as households,
       coalesce(sum(members_before), 0)::bigint as persons_before,
       coalesce(sum(members_now), 0)::bigint as persons_now,
       coalesce(sum(greatest(members_now - members_before, 0)), 0)::bigint as persons_gained
from pairs left join units u on u.code = from_unit left join units v on v.code = to_unit
group by all order by all
"""


def transitions(before: Households, now: Households) -> pd.DataFrame:
    """Counts of households by where and what they were at one review and are at the next.

    `before` and `now` are classified rows of one workspace. Columns: from_unit, from_class, previous_class (at
    the review before `before`), to_unit, to_class ("" where the household is not in that file), all categories: a
    country has millions of rows; households, persons_before, persons_now, persons_gained.
    """
    lived = f"select unit_code as code from households union select unit_code from ({before.sql}) order by code"
    codes = ["", *frame(now, lived)["code"]]
    units = pd.DataFrame({"code": codes, "number": pd.array(range(len(codes)), dtype="int32")})
    moves = frame(now, f", before as ({before.sql}), pairs as ({_PAIRS}) {_TRANSITIONS}", units=units)
    coded = {name: pd.Categorical.from_codes(moves[name], categories=codes) for name in ("from_unit", "to_unit")}
    return moves.assign(**coded)


def between(moves: pd.DataFrame, bases: pd.DataFrame) -> pd.DataFrame:
    """The same counts between larger units: `bases` maps unit_code to `base`; a move within a base is none."""
    base = bases.set_index("unit_code")["base"]
    larger = moves.assign(**{name: _larger(moves[name], base) for name in ("from_unit", "to_unit")})
    keys = ["from_unit", "from_class", "previous_class", "to_unit", "to_class"]
    return larger.groupby(keys, as_index=False, observed=True).sum()


def flow_table(moves: pd.DataFrame, name: str, review: dt.date) -> pd.DataFrame:
    """The flow table of a class ("poor" or "near_poor") in the columns of the workbook.

    date, unit_code and every flow of FLOWS in _households and _persons, one row a base unit; closing = opening
    - left to other class - left above - other decrease + entered + fell back + new + other increase. A household in
    another unit, or in one file only, is another decrease or increase; so are the persons that a household of the
    class which stays in its unit has lost or gained. One that changes class leaves and enters as it is now.
    """
    was = moves[(moves["from_class"] == name) & (moves["from_unit"] != "")]
    comes = moves[(moves["to_class"] == name) & (moves["to_unit"] != "")]
    stays = was["to_unit"] == was["from_unit"]
    gained, nobody = was["persons_gained"], was["households"] * 0
    lost = gained - (was["persons_now"] - was["persons_before"])
    leaving = was["persons_now"].where(stays, was["persons_before"])
    parts = [
        _part(was["from_unit"], "opening", was["households"], was["persons_before"]),
        _part(was["from_unit"], _outflow(was, name), was["households"], leaving),
        _part(was["from_unit"], "other_decrease", nobody, lost.where(stays, 0)),
        _part(was["from_unit"], "other_increase", nobody, gained.where(stays, 0)),
        _part(comes["to_unit"], _inflow(comes, name), comes["households"], comes["persons_now"]),
        _part(comes["to_unit"], "closing", comes["households"], comes["persons_now"]),
    ]
    counts = pd.concat(parts).groupby(["unit", "flow"], observed=True).sum().reset_index().astype({"unit": str})
    return _as_in_the_workbook(counts.set_index(["unit", "flow"]), review)


def _outflow(was: pd.DataFrame, name: str) -> pd.Series:
    """The flow by which each household of the class leaves its unit's stock, "" if none."""
    stays_here = was["to_unit"] == was["from_unit"]
    flow = pd.Series("left_above", index=was.index)
    flow = flow.mask(was["to_class"] == OTHER_CLASS[name], "left_to_other_class")
    return flow.mask(was["to_class"] == name, "").where(stays_here, "other_decrease")


def _inflow(comes: pd.DataFrame, name: str) -> pd.Series:
    """The flow by which each household of the class entered its unit's stock, "" if none."""
    stays_here = comes["to_unit"] == comes["from_unit"]
    flow = pd.Series("new", index=comes.index).mask(comes["previous_class"] == name, "fell_back")
    flow = flow.mask(comes["from_class"] == OTHER_CLASS[name], "entered_from_other_class")
    return flow.mask(comes["from_class"] == name, "").where(stays_here, "other_increase")


def _part(unit: pd.Series, flow: object, households: pd.Series, persons: pd.Series) -> pd.DataFrame:
    return pd.DataFrame({"unit": unit, "flow": flow, "households": households, "persons": persons})


def _as_in_the_workbook(counts: pd.DataFrame, review: dt.date) -> pd.DataFrame:
    units = counts.index.unique("unit")
    table = pd.DataFrame({"date": pd.Timestamp(review), "unit_code": units})
    for count in ("households", "persons"):
        flows = {flow: _flow(counts[count], flow, units) for flow in FLOWS}
        flows["left"] = flows["left_to_other_class"] + flows["left_above"]
        table = table.assign(**{f"{flow}_{count}": values.astype("Int64").array for flow, values in flows.items()})
    return table


def _flow(counts: pd.Series, flow: str, units: pd.Index) -> pd.Series:
    """One flow of each unit, nought where it has none."""
    return counts[counts.index.get_level_values("flow") == flow].droplevel("flow").reindex(units, fill_value=0)


def _larger(units: pd.Series, base: pd.Series) -> pd.Categorical:
    """The base of each unit, "" where it has none."""
    of_code = base.reindex(units.cat.categories).fillna("")
    every = pd.Index(["", *base]).unique().sort_values()
    return pd.Categorical.from_codes(every.get_indexer(of_code)[units.cat.codes], categories=every)
