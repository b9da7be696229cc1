"""Stage 4: plans, outcomes and findings become text and JSON. Returns strings and prints nothing. Pure."""
