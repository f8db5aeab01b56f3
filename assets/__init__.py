"""What is shipped beside the code: recipes, lessons and pictures."""
