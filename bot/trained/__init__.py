"""Models that were trained from the console: the process that trains them, and how a running bot loads one."""
