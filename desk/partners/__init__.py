"""Partner desks: transferring a conversation to another office, with the citizen's consent."""
