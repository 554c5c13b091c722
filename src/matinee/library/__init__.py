"""What is remembered of people who watch: profiles, where each film was left, lists, history, ratings, tastes."""
