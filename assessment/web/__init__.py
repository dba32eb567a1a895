"""Web of assessment."""
