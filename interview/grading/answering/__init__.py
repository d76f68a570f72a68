"""How a judge's requests are answered."""
