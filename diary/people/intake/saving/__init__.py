"""Writing a school that was read from files: `save_school_data` is the whole way, one module for each kind of row."""
