"""The part of Microsoft Graph that tells about licences and the tenant."""
