"""What every API shares: signing in by token, errors in one shape, pages by key, versions, the base of all viewsets.

Read `core.api.people` for the smallest complete example, and `core.api.resources` for what the base does.
"""
