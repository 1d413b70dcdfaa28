"""The scheme: how its figures, lists and rulebooks are read, checked and asked by date. It knows nothing of trips."""
