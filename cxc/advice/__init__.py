"""What would do better: remedies, dates, and what a visit brings. It knows no formats."""
