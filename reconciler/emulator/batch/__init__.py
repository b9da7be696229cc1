"""$batch: several requests in one."""
