"""What is checked of every answer: one check a file."""
