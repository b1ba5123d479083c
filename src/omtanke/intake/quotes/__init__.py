"""Quotes over HTTP: what is asked, what is answered, and what is said of an order that names one."""
