"""Households spread over many files, counted where a cluster's workers are and added up."""

from collections.abc import Sequence
from pathlib import Path

from distributed import Client

from giamngheo.regulation.poverty import Standard
from giamngheo.statistics.households.classification import By, classified
from giamngheo.statistics.households.counts import ReviewCounts, added_counts, review_counts
from giamngheo.statistics.households.engine import households, workspace


def counted_on_cluster(client: Client, parts: Sequence[Path], standard: Standard, *, by: By = "score") -> ReviewCounts:
    """Counts of the households of all files, each counted by one worker that can read it.

    The same whole numbers as the files read together on one machine. A household id that two files
    share is not seen; check the files for problems together where ids could repeat.
    """
    counted = client.map(_counted, parts, standard=standard, by=by, pure=False)
    return added_counts(client.gather(counted))  # type: ignore[no-untyped-call]


def _counted(part: Path, standard: Standard, by: By) -> ReviewCounts:
    with workspace() as work:
        return review_counts(classified(households(work, part), standard, by=by))
