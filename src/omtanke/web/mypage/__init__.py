"""What a customer opens from a message: my page, no more of this, and on with a cart. The link is what lets in; nobody signs in."""
