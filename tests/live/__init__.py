"""What runs against a deployment."""
