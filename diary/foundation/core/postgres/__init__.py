"""Django's PostgreSQL backend, with statements that a distributed database carries too."""
