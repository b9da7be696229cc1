"""Query options: what a request asks of rows."""
