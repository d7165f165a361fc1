"""One module for each method: `handle(app, params)` translates, asks the session, and translates back."""
