"""The settings page that a person sees of an organization: HTML made from the catalogue and from answers of the Web API."""
