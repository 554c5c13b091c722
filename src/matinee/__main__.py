"""Run ``python -m matinee``."""

from matinee.app import main

if __name__ == "__main__":
    main()
