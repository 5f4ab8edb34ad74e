"""公文: what is said to residents and offices, on paper and on screen."""
