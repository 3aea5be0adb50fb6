"""The double of ESIA: the protocol v1 (RSA) with people, mistakes and rotation of keys under control of a page."""
