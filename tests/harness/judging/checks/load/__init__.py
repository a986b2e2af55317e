"""What is checked of a server under load: one check a file."""
