"""What people prove themselves with besides the password."""
