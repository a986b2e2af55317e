"""The records that the rooms exchange: frozen, one noun a file, no behaviour beyond reading themselves."""
