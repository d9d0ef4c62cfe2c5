"""Farm produce on its way: how warm it is, how fast it perishes, where it waits, what it is worth."""
