"""The Dataverse tables that rictl reads and writes, column by column. Pure."""
