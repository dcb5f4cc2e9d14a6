"""How right and how quick the matcher of quotations is, on every class of honest and dishonest ones."""
