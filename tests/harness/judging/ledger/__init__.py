"""The ledger: known issues against findings."""
