"""部署: the command line, the settings and everything that starts a process."""
