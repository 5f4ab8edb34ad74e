"""终端: what is asked of people and said to them at the command line, in sentences and tables."""
