"""What members are asked: when they join, when they sign in, and what owners say of them."""
