"""The arithmetic of the record: trees, proofs, canonical bytes, and what is wrong with a record."""
