"""Hashes of the ids of a file: no id leaves the engine, and whether two may be the same is soon told."""

import numpy as np

from giamngheo.statistics.households.engine import Households, frame

HASHES_AT_ONCE = 1 << 24
"""So many hashes of ids, of 8 bytes, are compared in memory at most, with four times as much beside them."""


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
    """Whether two of the hashes are the same: told in half the time of sorting them.

    Each is put where its last bits say, over those put there before, which are compared with the one that stays; those
    that differ from it go on to the next round.
    """
    last_bits = (2 << len(keys).bit_length()) - 1
    latest = np.empty(last_bits + 1, dtype="int32")
    keys = keys.view("int64")
    while len(keys):
        place, row = keys & last_bits, np.arange(len(keys), dtype="int32")
        latest[place] = row
        stays = latest[place]
        covered = np.flatnonzero(stays != row)
        if (keys[stays[covered]] == keys[covered]).any():
            return True
        keys = keys[covered]
    return False
