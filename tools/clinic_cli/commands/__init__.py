"""The commands of ``./clinic``, one module each (``main.Command`` tells the form)."""
