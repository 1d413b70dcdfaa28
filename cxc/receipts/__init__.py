"""Saved verdicts: read again, recomputed, and compared with what comes out now. Nothing here knows a report."""
