"""The morning letter and alerts: the console's own words, on their way to those who do not watch a console."""
