"""Facts in words, by what they are about. Each module has its table `TELLERS`, by type of fact."""
