"""The reference pages of the documentation, written from the code that they are about.

python -m omtanke.reference docs/reference
"""
