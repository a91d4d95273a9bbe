"""Alert policies: what they would have done on recorded traffic."""
