"""Totals of households chosen so that the shown rates of poor and near-poor households add up as printed.

One total in four would print parts that differ by 0,01 from their sum. Real figures do that, and the checks say so;
made-up ones that are to have no finding must not.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]

Agrees = Callable[[int], bool]
"""Whether a district's total of households agrees with something else that is shown."""


def shown(part: Counts, whole: Counts) -> Counts:
    """A rate in hundredths of a percent, rounded half up."""
    return (20_000 * part + whole) // (2 * whole)


def adds_up(whole: Counts, poor: Counts, near_poor: Counts) -> NDArray[np.bool_]:
    """Whether the two rates, as shown, add up to the rate of both."""
    return shown(poor, whole) + shown(near_poor, whole) == shown(poor + near_poor, whole)


def agreeing_totals(wanted: Counts, poor: Counts, near_poor: Counts, agrees: Agrees = lambda total: True) -> Counts:
    """Totals of the communes from `wanted` on whose rates add up as shown, and those of their sum, the district."""
    totals = _next(wanted, poor, near_poor)
    place = 0
    while not (adds_up(totals.sum(), poor.sum(), near_poor.sum()) and agrees(int(totals.sum()))):
        moved = totals.copy()
        moved[place % len(totals)] += 1
        totals, place = _next(moved, poor, near_poor), place + 1
    return totals


def _next(totals: Counts, poor: Counts, near_poor: Counts) -> Counts:
    while not (fine := adds_up(totals, poor, near_poor)).all():
        totals = np.where(fine, totals, totals + 1)
    return totals
