"""Households spread over many files, counted where a cluster's workers are and added up."""

from collections.abc import Sequence
from pathlib import Path

from distributed import Client

from giamngheo.statistics.households.counts import ReviewCounts, added_counts
from giamngheo.statistics.households.review import Method, review


def counted_on_cluster(client: Client, parts: Sequence[Path], method: Method) -> ReviewCounts:
    """Counts of the households of all files, each reviewed by one worker that can read it.

    The same whole numbers as the files read together on one machine. Each file is checked for itself: an id
    that two files share is not seen. Raises what `review` raises.
    """
    counted = client.map(_counted, parts, method=method, pure=False)
    return added_counts(client.gather(counted))  # type: ignore[no-untyped-call]


def _counted(part: Path, method: Method) -> ReviewCounts:
    return review(part, method).counts
