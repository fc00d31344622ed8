"""What an operator sees of the directory's sources, and what he and the Owners say of them."""
