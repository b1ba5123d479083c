"""How we speak to customers: rules as data, one file a language."""
