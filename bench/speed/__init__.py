"""What building costs, beside the peers and beside the bars."""
