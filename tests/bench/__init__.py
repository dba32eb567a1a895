"""The bench: how long the work of the product takes beside its floors, measured in the same run. No test asserts it."""
