"""Reports, the live wall, staffing, and what supervisors do beside a conversation."""
