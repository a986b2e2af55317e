"""One module a kind of target; found by themselves."""
