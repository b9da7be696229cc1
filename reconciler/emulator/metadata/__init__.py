"""Tables as the service describes them: $metadata and EntityDefinitions."""
