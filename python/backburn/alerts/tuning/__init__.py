"""Which alert policy to run: a grid of them tried on one part of the traffic, the best of it held against the rest."""
