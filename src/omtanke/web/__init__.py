"""The pages: what staff see. Django knows staff only; customers, promises and facts are read through storage/pages.py."""
