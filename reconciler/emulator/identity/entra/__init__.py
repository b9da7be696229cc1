"""The embedded Entra ID: which tenant, who proves to be which application, which person agreed, and the refusals of the real one."""
