"""A demo publication: `content/` is what an editor would change, the modules beside it load it."""
