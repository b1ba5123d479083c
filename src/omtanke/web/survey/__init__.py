"""One question, one click: the only page that customers see so far. Its link is what lets in."""
