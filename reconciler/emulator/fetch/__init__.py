"""FetchXML and SQL: queries that join and aggregate, as one form of value and one way to run it."""
