"""Records, JSON and HTTP that every room uses; it imports none of them."""
