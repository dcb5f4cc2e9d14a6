"""What is answered to whoever asks for the record."""
