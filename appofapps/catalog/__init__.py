"""What people write, and the types that accept it.

Holds the models (one module a kind), the loader with file and line, and the problems it reports.
Imports pydantic and yaml only; every other room may import it.
"""
