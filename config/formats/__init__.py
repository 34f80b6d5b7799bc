"""How days and numbers are written, per language, where Django's own file does not suit."""
