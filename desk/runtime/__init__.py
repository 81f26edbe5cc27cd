"""What every process of the desk needs while it runs: live events, heartbeats, logs, metrics, quotas."""
