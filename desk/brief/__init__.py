"""The visit brief (V4): one page made by itself before a visit, on the screen, on paper and as PDF."""
