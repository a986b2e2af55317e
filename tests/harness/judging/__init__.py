"""Checks, the ledger of known defects, and the judge who compares what was seen with what is right."""
