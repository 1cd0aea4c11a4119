"""The page Aannames en uitleg: every number with its source, and what half or double of it does."""
