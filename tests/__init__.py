"""The suite: live tests, its own tests, its data and its machinery."""
