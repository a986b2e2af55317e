"""HTTP whose every wait and every size has a bound, whatever the server does. Any room may use it."""
