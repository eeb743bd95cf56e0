"""What an award brings in money: rules by date, the list of payments of a decision, its papers."""
