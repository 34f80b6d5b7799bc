"""Pages that span apps. Reads only; owns no business table."""
