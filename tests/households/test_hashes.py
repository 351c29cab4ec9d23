"""Whether two hashes are the same, by whatever bits they differ."""

import numpy as np
import pytest

from giamngheo.households.hashes import some_repeated


@pytest.mark.parametrize("shift", [0, 20, 56])
@pytest.mark.parametrize("again", [0, 57, 99])
def test_a_hash_that_comes_twice_is_found(shift: int, again: int) -> None:
    keys = np.arange(100, dtype="uint64") << np.uint64(shift)
    assert not some_repeated(keys)
    assert some_repeated(np.append(keys, keys[again]))
    assert some_repeated(np.insert(keys, 0, keys[again]))


def test_no_hashes_are_no_two() -> None:
    assert not some_repeated(np.array([], dtype="uint64"))
