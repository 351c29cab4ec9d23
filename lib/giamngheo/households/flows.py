"""Who left, fell back, is new, moved: the two official flow tables, from the files of two years.

Source of the layout: Decision 24/2021/QĐ-TTg. A household is the same household when its id is; ids
are compared inside the engine and do not leave it.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from giamngheo.core.message import first_of
from giamngheo.households.engine import Households, frame
from giamngheo.households.file.schema import CLASS, CLASSES

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

_FEWEST_OTHERS = 10
"""Households that go, and that come, from which on a unit may have written other ids."""

_MOVE = ("from_unit", "from_class", "previous_class", "to_unit", "to_class")

_Part = tuple[pd.Series, np.ndarray, pd.Series, pd.Series]
"""Units, flows (their numbers), households and persons."""

_OF_A_SIDE = frozenset({"household_id", "unit_code", "class", "previous_class", "members"})

_SIDE = "select household_id, number as unit, class, previous_class, members"

_TRANSITIONS = f"""
counted as (
    select b.unit as from_unit, b.class as from_class, b.previous_class, n.unit as to_unit, n.class as to_class,
           count(*) as households, sum(b.members) as persons_before, sum(n.members) as persons_now,
           sum(greatest(n.members - b.members, 0)) filter (b.members is not null) as persons_gained
    from ({_SIDE} from before join known using (unit_code)) b
    full outer join ({_SIDE} from households join known using (unit_code)) n using (household_id) group by all)
select coalesce(from_unit, 0) as from_unit, coalesce(enum_code(from_class) + 1, 0) as from_class,
    coalesce(enum_code(previous_class::{CLASS}) + 1, 0) as previous_class,
    coalesce(to_unit, 0) as to_unit, coalesce(enum_code(to_class) + 1, 0) as to_class, households,
    coalesce(persons_before, 0)::bigint as persons_before, coalesce(persons_now, 0)::bigint as persons_now,
    coalesce(persons_gained, 0)::bigint as persons_gained
from counted order by {", ".join(_MOVE)}
"""
"""Units as numbers from 1 and classes in their order from 1, 0 where there is none: as texts they would take longer."""


def transitions(before: Households, now: Households, units: Iterable[str]) -> pd.DataFrame:
    """Count households by unit and class at one review and at the next.

    `before` and `now` are classified rows of one workspace, known to be in one of the `units`
    (codes). Columns: from_unit, from_class, previous_class (at the review before `before`), to_unit, to_class ("" where
    the household is not in that file), all categories: a country has millions of rows; households, persons_before,
    persons_now, persons_gained.
    """
    codes = sorted(set(units))
    numbered = pd.DataFrame({"unit_code": codes, "number": np.arange(1, len(codes) + 1, dtype="int32")})
    moves = frame(now, f", before as ({before.select(_OF_A_SIDE)}), {_TRANSITIONS}", known=numbered)
    words = [["", *(codes if name.endswith("_unit") else CLASSES)] for name in _MOVE]
    named = {name: pd.Categorical.from_codes(moves[name], word) for name, word in zip(_MOVE, words, strict=True)}
    return moves.assign(**named)


def came_from(moves: pd.DataFrame, into: pd.Series) -> pd.DataFrame:
    """Return the moves from units as what they have become since, `into` by the code of then."""
    codes = moves["from_unit"].cat.categories
    became = codes.get_indexer(codes.map(lambda code: into.get(code, "")))
    return moves.assign(from_unit=pd.Categorical.from_codes(became[moves["from_unit"].cat.codes], codes))


def concerning(moves: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return the moves into and out of a class, of which its flow table is made."""
    return moves[(moves["from_class"] == name) | (moves["to_class"] == name)]


def between(moves: pd.DataFrame, bases: pd.DataFrame) -> pd.DataFrame:
    """Return the moves between larger units, row by row; `bases` maps unit_code to `base`."""
    base = bases.set_index("unit_code")["base"]
    return moves.assign(**{name: _larger(moves[name], base) for name in ("from_unit", "to_unit")})


def note_on_other_ids(moves: pd.DataFrame, bases: pd.DataFrame) -> Iterator[str]:
    """Yield a note on the units of which a tenth of the households are in one review only, in either of the two.

    Households go and come in all years; where as many went as came, they may be the same under new ids.
    """
    larger = between(moves, bases)
    kept, gone, come = (
        larger[has].groupby(unit, observed=True)["households"].sum()
        for has, unit in (
            ((larger["from_unit"] != "") & (larger["to_unit"] != ""), "from_unit"),
            (larger["to_unit"] == "", "from_unit"),
            (larger["from_unit"] == "", "to_unit"),
        )
    )
    counts = pd.DataFrame({"kept": kept, "gone": gone, "come": come}).fillna(0)
    fewest = counts[["gone", "come"]].min(axis=1)
    many = counts.index[(fewest >= _FEWEST_OTHERS) & (10 * fewest > fewest + counts["kept"])]
    if units := sorted(map(str, many)):
        yield (
            f"từ một phần mười số hộ của {first_of(units)} có mã không thấy ở kỳ sau, kỳ sau cũng có chừng ấy hộ có mã "
            "không thấy ở đây: nếu là cùng một hộ được ghi mã mới thì giảm khác, tăng khác bị tính thừa; hãy ghi mã hộ "
            "của hai năm như nhau"
        )


def flow_table(moves: pd.DataFrame, name: str, review: dt.date) -> pd.DataFrame:
    """Return the flow table of a class ("poor" or "near_poor") in the columns of the workbook.

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
        (was["from_unit"], _every(was, "opening"), was["households"], was["persons_before"]),
        (was["from_unit"], _outflow(was, name), was["households"], leaving),
        (was["from_unit"], _every(was, "other_decrease"), nobody, lost.where(stays, 0)),
        (was["from_unit"], _every(was, "other_increase"), nobody, gained.where(stays, 0)),
        (comes["to_unit"], _inflow(comes, name), comes["households"], comes["persons_now"]),
        (comes["to_unit"], _every(comes, "closing"), comes["households"], comes["persons_now"]),
    ]
    return _as_in_the_workbook(parts, moves["from_unit"].cat.categories, review)


def _outflow(was: pd.DataFrame, name: str) -> np.ndarray:
    """Return the flow (its number) by which each household of the class leaves its unit's stock, -1 if none."""
    return _flow(
        {
            "other_decrease": was["to_unit"] != was["from_unit"],
            "": was["to_class"] == name,
            "left_to_other_class": was["to_class"] == OTHER_CLASS[name],
            "left_above": was["to_class"] != name,
        }
    )


def _inflow(comes: pd.DataFrame, name: str) -> np.ndarray:
    """Return the flow (its number) by which each household of the class entered its unit's stock, -1 if none."""
    return _flow(
        {
            "other_increase": comes["to_unit"] != comes["from_unit"],
            "": comes["from_class"] == name,
            "entered_from_other_class": comes["from_class"] == OTHER_CLASS[name],
            "fell_back": comes["previous_class"] == name,
            "new": comes["from_class"] != name,
        }
    )


def _flow(when: Mapping[str, pd.Series]) -> np.ndarray:
    """Return the first flow of each row that applies to it."""
    numbers = [FLOWS.index(flow) if flow else -1 for flow in when]
    return np.select(list(when.values()), numbers, -1)


def _every(moves: pd.DataFrame, flow: str) -> np.ndarray:
    """Return one flow for all rows."""
    return np.full(len(moves), FLOWS.index(flow))


def _as_in_the_workbook(parts: Sequence[_Part], units: pd.Index, review: dt.date) -> pd.DataFrame:
    """Return the flow table of the parts; the flow -1 is added to a row beyond the last, which is dropped."""
    counts = np.zeros((2, len(FLOWS) + 1, len(units)), dtype="int64")
    for unit, flow, *numbers in parts:
        for added, number in zip(counts, numbers, strict=True):
            np.add.at(added.reshape(-1), flow * len(units) + unit.cat.codes.to_numpy(), number.to_numpy())
    concerned = np.flatnonzero(counts[0].any(axis=0))
    named = pd.Categorical.from_codes(concerned, units)
    columns: dict[str, Any] = {"date": pd.Timestamp(review), "unit_code": named}
    for name, every in zip(("households", "persons"), counts, strict=True):
        added = every[:, concerned]
        added[FLOWS.index("left")] = added[FLOWS.index("left_to_other_class")] + added[FLOWS.index("left_above")]
        columns |= {f"{kind}_{name}": pd.array(line, "Int64") for kind, line in zip(FLOWS, added[:-1], strict=True)}
    return pd.DataFrame(columns)


def _larger(units: pd.Series, base: pd.Series) -> pd.Categorical:
    """Return the base of each unit, "" where it has none."""
    of_code = base.reindex(units.cat.categories).fillna("")
    every = pd.Index(["", *base.unique()]).unique().sort_values()
    return pd.Categorical.from_codes(every.get_indexer(of_code)[units.cat.codes], categories=every)
