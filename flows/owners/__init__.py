"""What an Owner decides or asks for unasked, how he is known, and who the Owners are."""
