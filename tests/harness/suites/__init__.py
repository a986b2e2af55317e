"""What is asked of a server, suite by suite: natural, forced, generated, contract, bad requests, load."""
