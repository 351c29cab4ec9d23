"""The plan of a made-up district and its communes for a year."""

import datetime as dt

import numpy as np
import pandas as pd

from giamngheo.demo.places import District
from giamngheo.demo.shown import agreeing_totals

_ISSUED = (1, 12)


def plans(district: District, reviews: pd.DataFrame, year: int) -> pd.DataFrame:
    """Rows of the plan table for a year, from the reviews of the end of the year before."""
    chance = district.chance(1000 + year)
    start = reviews[reviews["date"] == pd.Timestamp(year - 1, 12, 31)].iloc[:-1]
    counts = {name: start[f"{name}households"].to_numpy(np.int64) for name in ("", "poor_", "near_poor_")}
    poor = np.rint(counts["poor_"] * chance.uniform(0.1, 0.16, len(start))).astype(np.int64)
    near_poor = np.rint(counts["near_poor_"] * chance.uniform(0.0, 0.08, len(start))).astype(np.int64)
    expected = np.rint(counts[""] * 1.012).astype(np.int64)
    columns = {
        "expected_households": agreeing_totals(expected, counts["poor_"] - poor, counts["near_poor_"] - near_poor),
        "poor_reduction_households": poor,
        "near_poor_reduction_households": near_poor,
    }
    communes = pd.DataFrame(columns)
    whole = pd.concat([communes, communes.sum().to_frame().T], ignore_index=True)
    day = dt.date(year, *_ISSUED)
    return whole.assign(
        date=pd.Timestamp(day), year=year, unit_code=[*district.codes, district.code], decision="08/QĐ-UBND"
    )
