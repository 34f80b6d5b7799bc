"""What every app needs and none owns: users, rights, scope, audit, money, days, search, lists, imports."""
