"""Pages: what stands on the two sides of a card, how large, and how cards come onto paper."""
