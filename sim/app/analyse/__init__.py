"""The page Analyse: own scenarios, enough runs, all data."""
