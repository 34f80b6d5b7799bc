"""What is true of an account, whoever asks: pure calculation, one story a file."""
