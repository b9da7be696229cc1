"""HTTP: what listens, and what local programs may control."""
