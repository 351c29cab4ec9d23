"""Kinds of defects that are seen as soon as a cell is read; none makes another one invisible."""

from giamngheo.demo.defects import Defect, typed
from giamngheo.intake.dataset import Dataset


def count_with_its_unit(data: Dataset) -> Defect:
    """A count typed as text with its unit, which is read nevertheless."""
    row = data["reviews"].index[-1]
    return typed(data, "typed-as-text", ("reviews", "households", row), f"{data['reviews'].loc[row, 'households']} hộ")


def period_in_words(data: Dataset) -> Defect:
    """A period written in words."""
    return typed(data, "bad-cell", ("next_steps", "period", data["next_steps"].index[-1]), "tháng tám")


def task_of_nothing(data: Dataset) -> Defect:
    """An agency without its task."""
    return typed(data, "blank-cell", ("tasks", "text", data["tasks"].index[-1]), "")
