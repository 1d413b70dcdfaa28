"""The conversation in a terminal. It knows no rules."""
