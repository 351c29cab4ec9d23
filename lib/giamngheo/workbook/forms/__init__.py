"""Official review forms as offices publish them, read into the workbook."""
