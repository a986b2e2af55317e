"""What is asked of this machine's Docker engine, and what a container of ours is made of."""
