"""What the application is measured by, and against whom. README.md says what each figure means."""
