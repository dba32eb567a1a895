"""The demo: a fictional region and its councils, played through the services, in every stage of the journey."""
