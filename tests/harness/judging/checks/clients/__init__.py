"""What is checked of an answer through its client: the official SDK's view, and the follow-up round."""
