"""One file for each way of writing calls that a parser reads: xLAM's."""
