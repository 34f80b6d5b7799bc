"""What collecting goes by, worked out from values alone."""
