"""The measuring harness: this program and its rivals on the same shaped swarm, in one run.

`python -m bench` prints one table of ratios over the computed lower bound of each swarm; docs/benchmarks.md says how to
read it. Nothing here is imported by the program itself.
"""
