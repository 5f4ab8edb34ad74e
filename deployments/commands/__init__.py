"""命令: the commands of `minsheng`, one module each."""
