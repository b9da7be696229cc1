"""FormXml as UTF-8 bytes: where things are, what of it is ours, and the smallest splices that make it as wished. Pure."""
