"""The things a report is made of; a notebook cell displays one of them."""

from giamngheo.report.elements.closing import Closing
from giamngheo.report.elements.figure import Figure
from giamngheo.report.elements.letterhead import Letterhead, Marking
from giamngheo.report.elements.prose import Prose
from giamngheo.report.elements.table import Column, DataTable

__all__ = ["Closing", "Column", "DataTable", "Figure", "Letterhead", "Marking", "Prose"]
