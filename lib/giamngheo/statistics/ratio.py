"""Ratios of counts and of money."""

import pandas as pd


def percentage(part: pd.Series, whole: pd.Series) -> pd.Series:
    """Return `part` in percent of `whole`, Float64, unrounded; NA where either is blank or the whole is zero.

    One correctly rounded division of whole numbers, so that a tie such as 1.005 is still one when it is shown.
    """
    return (part * 100 / whole.mask(whole == 0)).astype("Float64")
