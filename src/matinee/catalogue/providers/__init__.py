"""Where titles come from beside the built-in shelf: one file a service, a ``CatalogueProvider`` of ``ports``."""
