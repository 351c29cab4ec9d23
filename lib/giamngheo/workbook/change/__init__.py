"""Workbooks changed in the parts that change: every other byte of the file stays as Excel wrote it."""
