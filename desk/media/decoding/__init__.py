"""The child process that opens strangers' pictures. Nothing in here runs in the gateway or the worker itself."""
