"""本机服务: the child processes of one installation: Prefect's server, worker and driver."""
