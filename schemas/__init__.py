"""校验: the shape of every table that comes in or goes out."""
