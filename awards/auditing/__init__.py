"""What an auditor looks for: events by who, when and what; patterns; who read what; samples."""
