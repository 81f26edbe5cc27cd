"""A day on which a back end fails: nothing is lost, nothing is doubled, and the other back end's citizens notice nothing."""
