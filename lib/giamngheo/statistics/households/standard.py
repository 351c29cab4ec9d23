"""The multidimensional poverty standard, as classification needs it."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Standard:
    """A poverty standard: lines by area ("rural", "urban"), in đồng a person a month or in points.

    A household is low up to and with the line; low ones are poor from `deprivation_cutoff` of the
    deprivations on, near-poor below. `average_line_vnd` is empty where the law sets none;
    `score_line` and `deprivation_points` (what one deprivation adds to B2) are None where no
    scorecard is in force.
    """

    income_line_vnd: Mapping[str, int]
    average_line_vnd: Mapping[str, int]
    deprivation_cutoff: int
    deprivation_points: int | None
    score_line: Mapping[str, int] | None
    reference: str
