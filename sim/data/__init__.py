"""Outside files in: facts with their source, pupil files and lists of the partnership."""
