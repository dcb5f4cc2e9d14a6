"""How right and how quick the matcher of quotations is: every class of honest and dishonest quotation, by a seeded generator."""
