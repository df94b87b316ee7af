"""Tables become figures, decks, workbooks and pages."""
