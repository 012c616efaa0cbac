"""The programme around key accounts: people, plans, information, tasks, and what goes wrong."""
