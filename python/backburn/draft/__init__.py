"""A first specification, drafted from a log: every guess with its reason."""
