"""Poverty statistics from household files, at any size.

Rows stay in the engine, counts come out.

No function here returns or names a household: identifiers are compared inside the engine and never
leave it.
"""
