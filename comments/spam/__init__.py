"""The spam filter: what a comment is made of, what people decided on such comments, and how likely it is spam."""
