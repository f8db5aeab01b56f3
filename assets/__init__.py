"""What is shipped beside the code: recipes and pictures."""
