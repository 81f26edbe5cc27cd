"""What several benchmarks share: citizens, agents, processes and the product under load."""
