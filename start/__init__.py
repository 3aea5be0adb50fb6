"""What stands behind `make run` and `make test`: the machine's side of the diary, outside the Django project."""
