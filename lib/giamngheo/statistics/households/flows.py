"""Who left, fell back, is new, moved: the two official flow tables, from the files of two years.

Source of the layout: Decision 24/2021/QĐ-TTg. A household is the same household when its id is; ids
are compared inside the engine and do not leave it.
"""

import datetime as dt

import pandas as pd

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

_TRANSITIONS = """
select coalesce(from_unit, '') as from_unit, coalesce(from_class, '') as from_class,
       coalesce(previous_class, '') as previous_class,
       coalesce(to_unit, '') as to_unit, coalesce(to_class, '') as to_class,
       count(*) as households,
       coalesce(sum(members_before), 0)::bigint as persons_before,
       coalesce(sum(members_now), 0)::bigint as persons_now,
       coalesce(sum(greatest(members_now - members_before, 0)), 0)::bigint as persons_gained
from pairs group by all order by all
"""


def transitions(before: Households, now: Households) -> pd.DataFrame:
    """Counts of households by where and what they were at one review and are at the next.

    `before` and `now` are classified rows of one workspace. Columns: from_unit, from_class, previous_class (at
    the review before `before`), to_unit, to_class ("" where the household is not in that file),
    households, persons_before, persons_now, persons_gained.
    """
    return frame(now, f", before as ({before.sql}), pairs as ({_PAIRS}) {_TRANSITIONS}")


def between(moves: pd.DataFrame, bases: pd.DataFrame) -> pd.DataFrame:
    """The same counts between larger units: `bases` maps unit_code to `base`; a move within a base is none."""
    base = bases.set_index("unit_code")["base"]
    larger = moves.assign(**{name: moves[name].map(base).fillna("") for name in ("from_unit", "to_unit")})
    return larger.groupby(["from_unit", "from_class", "previous_class", "to_unit", "to_class"], as_index=False).sum()


def flow_table(moves: pd.DataFrame, name: str, review: dt.date) -> pd.DataFrame:
    """The flow table of a class ("poor" or "near_poor") in the columns of the workbook.

    date, unit_code and every flow of FLOWS in _households and _persons, one row a base unit;
    closing = opening - left to other class - left above - other decrease + entered + fell back
    + new + other increase. A household in another unit, or in one file only, is another decrease
    or increase; so are the persons that a household which stays in its class loses or gains.
    Persons of one that changes class leave and enter as it was and is.
    """
    was = moves[(moves["from_class"] == name) & (moves["from_unit"] != "")]
    comes = moves[(moves["to_class"] == name) & (moves["to_unit"] != "")]
    units = sorted({*was["from_unit"], *comes["to_unit"]})
    leaving = _added(was, was["from_unit"], _outflow(was, name), "persons_before")
    coming = _added(comes, comes["to_unit"], _inflow(comes, name), "persons_now")
    table = pd.concat([leaving, coming]).groupby(["unit", "flow", "count"])["value"].sum()
    wide = table.unstack(["flow", "count"], fill_value=0).reindex(units, fill_value=0)
    return _as_in_the_workbook(wide, review)


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


def _added(rows: pd.DataFrame, unit: pd.Series, flow: pd.Series, persons: str) -> pd.DataFrame:
    """Long counts of a side: its whole stock, its flows, and the persons of those who stay."""
    stock = "opening" if persons == "persons_before" else "closing"
    change = "other_decrease" if persons == "persons_before" else "other_increase"
    lost = rows["persons_gained"] - (rows["persons_now"] - rows["persons_before"])
    difference = lost if persons == "persons_before" else rows["persons_gained"]
    stays = flow == ""
    parts = [
        _long(unit, stock, "households", rows["households"]),
        _long(unit, stock, "persons", rows[persons]),
        _long(unit[~stays], flow[~stays], "households", rows.loc[~stays, "households"]),
        _long(unit[~stays], flow[~stays], "persons", rows.loc[~stays, persons]),
        _long(unit[stays], change, "persons", difference[stays]),
    ]
    return pd.concat(parts)


def _long(unit: pd.Series, flow: object, count: str, value: pd.Series) -> pd.DataFrame:
    return pd.DataFrame({"unit": unit}).assign(flow=flow, count=count, value=value)


def _as_in_the_workbook(wide: pd.DataFrame, review: dt.date) -> pd.DataFrame:
    table = pd.DataFrame({"date": pd.Timestamp(review), "unit_code": wide.index})
    for count in ("households", "persons"):
        for flow in FLOWS:
            parts = ("left_to_other_class", "left_above") if flow == "left" else (flow,)
            given = [wide[part, count] for part in parts if (part, count) in wide.columns]
            total = sum(given) if given else pd.Series(0, index=wide.index)
            table[f"{flow}_{count}"] = total.astype("Int64").to_numpy()
    return table.astype({f"{flow}_{c}": "Int64" for flow in FLOWS for c in ("households", "persons")})
