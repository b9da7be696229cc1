"""Stage 3: what is wished and what is there become a plan. Knows no file, no wire and no clock. Pure."""
