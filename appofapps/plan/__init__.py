"""Catalog and target to plan: select, place, name, check, order.

Everything here is pure, frozen and deterministic; it imports the catalog room only. The plan is what all
later rooms read: components assign its values, operations report on it, nobody resolves anything again.
"""
