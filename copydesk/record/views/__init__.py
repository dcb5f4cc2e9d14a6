"""The record's pages: parse, ask the policy, one query or action, respond."""
