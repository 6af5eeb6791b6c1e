"""From the document tree to boxes that can say how high they are, and set themselves as rows."""
