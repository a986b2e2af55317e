"""What several rules share; no rule lives here."""
