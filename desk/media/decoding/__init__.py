"""The child process that opens strangers' pictures. Nothing in this package runs in the gateway or the
worker itself."""
