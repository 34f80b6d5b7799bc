"""What people type about receivables. Shape only: whether a change is right, the actions decide."""
