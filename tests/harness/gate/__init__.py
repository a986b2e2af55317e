"""The verdict, from outcomes alone."""
