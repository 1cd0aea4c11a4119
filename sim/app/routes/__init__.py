"""The page Routes: where children go, the same child in two futures, how long children wait."""
