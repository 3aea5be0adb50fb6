"""The double of a mail server: takes letters over SMTP and keeps them, or refuses with a code."""
