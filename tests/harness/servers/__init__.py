"""Start or find a server, wait for it, stop it; leave nothing behind."""
