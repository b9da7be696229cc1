"""What can be managed, as data: tables, columns, codes, ranges, defaults, and how sure each of them is. Pure."""
