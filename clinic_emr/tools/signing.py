"""The mark of the product's own signing, which no client can put into its context."""

SIGNING = object()
