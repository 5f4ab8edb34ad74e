"""规则手册: what each policy says, with its article, and the pure functions that read it."""
