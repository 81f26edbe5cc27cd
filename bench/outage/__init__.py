"""A day on which a back end fails: nothing is lost or duplicated, and the other back end's citizens notice nothing."""
