"""Stage 5: carries out a plan, step by step, and says what became of each. Touches the remote side through `LiveWriter` only."""
