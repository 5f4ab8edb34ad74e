"""演示: a clerk, a council, a town: every official played by a script through the public calls."""
