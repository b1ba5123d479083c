"""The pure core: what a fact changes, and what follows from it. No clock, no chance, no I/O."""

# Raised when the same facts under the same policy may be decided otherwise than before.
ENGINE_VERSION = 5
