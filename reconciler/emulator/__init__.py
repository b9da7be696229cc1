"""The embedded Dataverse: a real HTTP server that `live/` and other people's clients talk to when there is no tenant."""
