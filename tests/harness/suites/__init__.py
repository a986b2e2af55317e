"""What is asked of a server, suite by suite: natural, forced, generated, contract, clients, bad requests, load."""
