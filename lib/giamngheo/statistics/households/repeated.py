"""Ids that several files share, found without an id leaving its file.

Each file gives hashes of its ids; the few that two files have in common are confirmed by fingerprints, which nobody
without the salt can make of an id.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from giamngheo.statistics.households.engine import Households, frame
from giamngheo.statistics.households.problems import FIRST_ROWS, REPEATED_WORDS, HouseholdProblem, place_name


def id_hashes(rows: Households, shares: int) -> tuple[np.ndarray, ...]:
    """Hashes of the ids of a file, each id in the share (of so many) that its hash says, in every file the same."""
    hashed = frame(rows, f"select hash(household_id) as key, key % {shares} as share from households")
    keys, share = hashed["key"].to_numpy(), hashed["share"].to_numpy()
    return tuple(np.unique(keys[share == number]) for number in range(shares))


def shared_hashes(hashes: Sequence[np.ndarray]) -> np.ndarray:
    """The hashes that more than one file has; `hashes` are those of each file, none twice."""
    keys, times = np.unique(np.concatenate(hashes), return_counts=True)
    return keys[times > 1]


def fingerprints(rows: Households, suspects: np.ndarray, salt: str) -> pd.DataFrame:
    """Fingerprints of the ids of a file that have one of the suspect hashes: fingerprint, place ("a.csv dòng 7")."""
    found = frame(
        rows,
        f"select sha256('{salt}' || household_id) as fingerprint, place::bigint as place from households "
        "where hash(household_id) in (select key from suspects) order by place",
        suspects=pd.DataFrame({"key": suspects}),
    )
    return found.assign(place=[place_name(rows, place, in_file=True) for place in found["place"]])


def repeated_across(found: Sequence[pd.DataFrame]) -> HouseholdProblem | None:
    """The problem of ids that several files share, from the fingerprints of each, in their order; None without any."""
    marks = pd.concat(found, ignore_index=True)
    again = marks[marks["fingerprint"].duplicated(keep=False)]
    if again.empty:
        return None
    return HouseholdProblem("repeated-id", len(again), tuple(again["place"].head(FIRST_ROWS)), REPEATED_WORDS)
