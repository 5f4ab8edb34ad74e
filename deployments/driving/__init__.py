"""驱动: the process that lets time pass, wakes the flows and keeps Prefect's runs in order."""
