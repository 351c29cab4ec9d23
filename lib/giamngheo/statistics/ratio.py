"""Ratios of counts and of money."""

import numpy as np
import pandas as pd


def percentage(part: pd.Series, whole: pd.Series) -> pd.Series:
    """Return `part` in percent of `whole`, of the same index: Float64, unrounded; NA where one is blank or whole is 0.

    One correctly rounded division of whole numbers, so that a tie such as 1.005 is still one when it is shown. Raises
    ValueError where the indexes differ.
    """
    if not part.index.equals(whole.index):
        raise ValueError("part and whole have not the same index")
    parts, wholes = (one.to_numpy(np.float64, na_value=np.nan) for one in (part, whole))
    shares = parts * 100 / np.where(wholes == 0, np.nan, wholes)
    return pd.Series(pd.array(shares, dtype="Float64"), part.index)
