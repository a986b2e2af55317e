"""What is checked of a server after a request that it should refuse: one check a file."""
