"""Who calls: the embedded Entra ID, its tokens and certificates, and the users whom they speak for."""
