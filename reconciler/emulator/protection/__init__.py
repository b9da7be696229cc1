"""The service protection limits: who asked how much in the last minutes, and who has to wait."""
