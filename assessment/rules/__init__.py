"""What decides: pure rules over plain values, without database, request or clock."""
