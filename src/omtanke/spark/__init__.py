"""Spark: the same questions and the same check where one machine is not enough. PySpark is there when somebody has installed it."""
