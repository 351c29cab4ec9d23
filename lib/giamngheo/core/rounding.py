"""Rounding of figures: once, where they are shown or checked as shown, half up as people round."""

from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache
from typing import Any

_NOISE = Decimal("1e-12")

_WIDE = Context(prec=60)


@lru_cache(maxsize=2**14)  # the same figures are checked and printed, month after month
def rounded(number: Any, decimals: int) -> Decimal:
    """Return a number rounded half up: 2.675 to two decimals is 2.68, -2.675 is -2.68.

    A float is read to twelve decimals first, so that the noise of its last bits does not decide a tie. Nothing
    is ever -0.
    """
    exact = Decimal(str(number)).quantize(_NOISE, context=_WIDE)
    return exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP, _WIDE) or Decimal(0)


def agrees(published: Any, exact: Any) -> bool:
    """Return whether a rate as published is the exact one, rounded to as many decimals, at most two."""
    places = decimals(published)
    return rounded(published, places) == rounded(exact, places)


def decimals(published: Any) -> int:
    """Return with how many decimals a rate was published, at most two."""
    return min(max(-int(Decimal(str(published)).normalize().as_tuple().exponent), 0), 2)


def shown_rate(rate: Any) -> Decimal:
    """Return a rate in percent, or a difference of two, as it is shown: with two decimals."""
    return rounded(rate, 2)


def shown_difference(minuend: Any, subtrahend: Any) -> Decimal:
    """Return the difference of two rates in percent as the reader computes it: from the figures shown."""
    return shown_rate(minuend) - shown_rate(subtrahend)
