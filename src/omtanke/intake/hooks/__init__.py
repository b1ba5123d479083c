"""Hooks: what platforms, carriers and tills send in forms of their own, told as events of the vocabulary."""
