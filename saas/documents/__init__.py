"""Documents of others: opened only in a process of its own, which has limits and knows none of our secrets."""
