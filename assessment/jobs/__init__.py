"""Jobs of assessment: what is done after an event."""
