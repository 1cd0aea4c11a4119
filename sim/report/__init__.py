"""Reports for people who were not in the room: typed content first, then HTML and PDF of it."""
