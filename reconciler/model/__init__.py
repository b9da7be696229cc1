"""The nouns of rictl: frozen values that every stage shares. Imports nothing but the standard library. Pure."""
