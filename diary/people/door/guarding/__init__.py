"""What stands between a crowd and the door: lockouts, limits, slow hashes, the sign-in journal."""
