"""The page Vergelijk: two to five ideas beside each other."""
