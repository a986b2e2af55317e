"""What is checked of what other clients read, and of the events at the other addresses: one check a file."""
