"""What is read of families and their devices."""
