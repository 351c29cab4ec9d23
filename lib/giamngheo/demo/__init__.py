"""A made-up province: the same for the same seed, consistent in itself, never to be taken for a real one."""
