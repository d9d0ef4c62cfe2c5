"""What the shipped counties give, beside what is published."""
