"""Federation's pages, for machines and for the desk."""
