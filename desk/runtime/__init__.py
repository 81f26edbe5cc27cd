"""What every process of the desk needs at run time: live events, heartbeats, logs, metrics, quotas."""
