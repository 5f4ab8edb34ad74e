"""任务: what the machine owes a case, one Prefect task per kind of effect."""
