"""The words of the field as typed, frozen values. Imports nothing but msgspec and the standard library."""
