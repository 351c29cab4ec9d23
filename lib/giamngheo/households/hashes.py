"""Hashes of the ids of a file: no id leaves the engine, and whether two may be the same is soon told."""

import numpy as np

from giamngheo.households.engine import Households, frame

HASHES_AT_ONCE = 1 << 24
"""So many hashes of ids, of 8 bytes, are compared in memory at most, and as much again for sorting them."""


ALIKE = "lower(ltrim(replace(household_id, ' ', ''), '0'))"
"""SQL of what of an id stays where capitals, spaces and leading zeros do not count."""


def some_alike_or_blank(rows: Households) -> bool:
    """Whether two ids of the file, by their hashes, may be alike, or one is blank; a huge file is seen in shares."""
    told = frame(rows, "select hash(null::varchar) as blank, count(*) as n from households")
    blank, shares = told["blank"].iloc[0], 1 + int(told["n"].iloc[0]) // HASHES_AT_ONCE
    for share in range(shares):
        of_share = f"where hash({ALIKE}) % {shares} = {share}" if shares > 1 else ""
        keys = frame(rows, f"select hash({ALIKE}) as key from households {of_share}")["key"].to_numpy()
        if (keys == blank).any() or some_repeated(keys):
            return True
    return False


def some_repeated(keys: np.ndarray) -> bool:
    """Return whether two of the hashes are the same."""
    keys = np.sort(keys)
    return bool((keys[1:] == keys[:-1]).any())
