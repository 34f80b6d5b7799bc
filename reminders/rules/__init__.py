"""Pure calculation: time, working days, quiet hours, escalation, snoozing, words. Days, hours and zones come in."""
