"""The soak: the whole product under a mixed load while its processes are killed, and the proof of what came of it."""
