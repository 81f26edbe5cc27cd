"""Second factors of agents: code apps, passkeys, recovery codes."""
