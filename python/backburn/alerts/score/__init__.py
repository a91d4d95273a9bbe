"""How good alert policies are: pages held against events, in shares of the error budget."""
