"""Which customers are perhaps one person: pairs to be confirmed or refused by somebody who looks at the evidence."""
