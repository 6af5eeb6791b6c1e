"""What print costs, beside other ways to the same pages."""
