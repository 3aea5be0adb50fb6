"""Ways back in for who has lost one."""
