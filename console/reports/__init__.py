"""Reports, the live wall, staffing, and supervisors' actions on a conversation."""
