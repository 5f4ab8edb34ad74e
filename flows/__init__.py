"""流程: one waiting run per case, and the scheduled runs that open cases."""
