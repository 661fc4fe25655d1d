"""Reports as people and programs read them: pure renderers, one package a kind of report."""

__all__: list[str] = []
