"""Cases made up by Hypothesis: calls as data, written as a model would write them, so that what is right is known."""
