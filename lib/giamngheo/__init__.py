"""Monthly reports on the National Target Programme for Sustainable Poverty Reduction."""
