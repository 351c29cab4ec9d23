"""Households spread over many files, counted where a cluster's workers are and added up."""

import operator
import secrets
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from distributed import Client

from giamngheo.statistics.households.counts import ReviewCounts, added_counts
from giamngheo.statistics.households.engine import households, workspace
from giamngheo.statistics.households.problems import InvalidHouseholdFileError
from giamngheo.statistics.households.repeated import fingerprints, id_hashes, repeated_across, shared_hashes
from giamngheo.statistics.households.review import Method, review

SHARES = 16
"""Into so many shares the hashes of the ids are dealt out, so that no worker needs to hold those of all files."""


def counted_on_cluster(client: Client, parts: Sequence[Path], method: Method) -> ReviewCounts:
    """Counts of the households of all files, each reviewed by one worker that can read it.

    The same whole numbers as the files read together on one machine, and the same refusal of an id that two files
    share, though no id leaves its worker. Raises what `review` raises.
    """
    counted = client.map(_counted, parts, method=method, pure=False)
    hashed = client.map(_hashed, parts, method=method, pure=False)
    together = added_counts(client.gather(counted))  # type: ignore[no-untyped-call]
    shares = [[client.submit(operator.getitem, keys, share, pure=False) for keys in hashed] for share in range(SHARES)]
    shared = client.gather([client.submit(shared_hashes, share, pure=False) for share in shares])  # type: ignore[no-untyped-call]
    if len(suspects := np.concatenate(shared)) > 0:
        _refuse_repeated(client, parts, suspects, method)
    return together


def _refuse_repeated(client: Client, parts: Sequence[Path], suspects: np.ndarray, method: Method) -> None:
    """Raises InvalidHouseholdFileError unless the hashes are the same by chance."""
    marked = partial(_fingerprints, suspects=suspects, salt=secrets.token_hex(16), method=method)
    found = client.gather(client.map(marked, parts, pure=False))  # type: ignore[no-untyped-call]
    if (problem := repeated_across(found)) is not None:
        raise InvalidHouseholdFileError(", ".join(part.name for part in parts[:2]), [problem])


def _counted(part: Path, method: Method) -> ReviewCounts:
    return review(part, method).counts


def _hashed(part: Path, method: Method) -> tuple[np.ndarray, ...]:
    with workspace(method.memory) as work:
        return id_hashes(households(work, part), SHARES)


def _fingerprints(part: Path, suspects: np.ndarray, salt: str, method: Method) -> pd.DataFrame:
    with workspace(method.memory) as work:
        return fingerprints(households(work, part), suspects, salt)
