"""Running the gateway: server, start-up, health and metrics."""
