"""People who sign in: accounts, roles, passwords, the second step, sign-ins and failed tries."""
