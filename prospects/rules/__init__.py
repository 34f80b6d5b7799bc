"""Pure calculation on prospects (handbook chapter 3), one file a rule. The day comes in as `on`; nothing here asks the
database or the clock.
"""
