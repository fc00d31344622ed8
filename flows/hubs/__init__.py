"""The hubs of a workspace: connected, how they stand, disconnected, erased."""
