"""What spreads by example: stories of the awarded, people noticed early, criteria that are read."""
