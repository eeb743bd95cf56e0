"""The business: nominations, dossiers, decisions, and who may see and do what."""
