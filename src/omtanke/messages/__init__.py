"""Messages to customers as data: written as templates, checked in words, rendered. Nothing here sends anything."""
