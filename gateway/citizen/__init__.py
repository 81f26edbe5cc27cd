"""The web chat over HTTP: widget API, plain pages, event stream and photos."""
