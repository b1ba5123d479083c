"""What staff do from the console: offered on a row, asked for on a form, put into the inbox as a fact."""
