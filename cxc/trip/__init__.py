"""A trip: what it states, and how text becomes a value. It does not know what is allowed."""
